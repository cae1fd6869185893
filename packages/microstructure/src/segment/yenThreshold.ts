import { yenBin } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

/**
 * Yen's threshold of maximum correlation: the largest −ln(Σ₀ p² · Σ₁ p²) + 2 ln(P₀ P₁), p the shares of the bins.
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns grey value; the brighter class is `value >= threshold`. Behind empty bins it lies in the middle of the gap
 * @throws DomainError for a uniform image (fewer than two occupied bins), NaN or infinite pixels; ShapeError for colour
 * @see J.-C. Yen, F.-J. Chang, S. Chang, IEEE Trans. Image Process. 4, 370 (1995), doi:10.1109/83.366472
 * @example
 * const threshold = yenThreshold(image);
 */
export function yenThreshold(input: GreyOrHistogram, options: GreyHistogramOptions = {}): number {
  const histogram = occupiedHistogram("yenThreshold", input, options);
  return thresholdBehind(histogram, yenBin(histogram.counts));
}
