import { triangleBin } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

/**
 * Triangle threshold: the bin farthest from the straight line between the peak of the histogram and the end of its longer
 * tail. Suits one strong peak with a tail that holds the objects.
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns grey value; the brighter class is `value >= threshold`. Behind empty bins it lies in the middle of the gap
 * @throws DomainError for a uniform image (fewer than two occupied bins), NaN or infinite pixels; ShapeError for colour
 * @see G. W. Zack, W. E. Rogers, S. A. Latt, J. Histochem. Cytochem. 25, 741 (1977), doi:10.1177/25.7.70454
 * @example
 * const threshold = triangleThreshold(image);
 */
export function triangleThreshold(input: GreyOrHistogram, options: GreyHistogramOptions = {}): number {
  const histogram = occupiedHistogram("triangleThreshold", input, options);
  return thresholdBehind(histogram, triangleBin(histogram.counts));
}
