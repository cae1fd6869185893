import { isodataBin } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

/**
 * Isodata threshold: the darkest one that lies midway between the means of the two classes it makes.
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns grey value; the brighter class is `value >= threshold`. Behind empty bins it lies in the middle of the gap
 * @throws DomainError for a uniform image (fewer than two occupied bins), NaN or infinite pixels; ShapeError for colour
 * @see T. W. Ridler, S. Calvard, IEEE Trans. Syst. Man Cybern. 8, 630 (1978), doi:10.1109/TSMC.1978.4310039
 * @example
 * const threshold = isodataThreshold(image);
 */
export function isodataThreshold(input: GreyOrHistogram, options: GreyHistogramOptions = {}): number {
  const histogram = occupiedHistogram("isodataThreshold", input, options);
  return thresholdBehind(histogram, isodataBin(histogram.counts));
}
