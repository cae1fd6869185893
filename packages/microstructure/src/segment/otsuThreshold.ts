import { otsuBin } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

/**
 * Otsu's threshold: the one that maximises the variance between the two classes, w₀ w₁ (μ₁ − μ₀)².
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns grey value; the brighter class is `value >= threshold`. Behind empty bins it lies in the middle of the gap
 * @throws DomainError for a uniform image (fewer than two occupied bins), NaN or infinite pixels; ShapeError for colour
 * @see N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076
 * @example
 * const threshold = otsuThreshold(image);
 */
export function otsuThreshold(input: GreyOrHistogram, options: GreyHistogramOptions = {}): number {
  const histogram = occupiedHistogram("otsuThreshold", input, options);
  return thresholdBehind(histogram, otsuBin(histogram.counts));
}
