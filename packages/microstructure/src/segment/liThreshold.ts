import { liBin } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

/**
 * Li's threshold of minimum cross entropy: the fixed point of t ← (μ₁ − μ₀) / (ln μ₁ − ln μ₀), begun at the mean and followed
 * until it moves by less than half a bin. Grey is counted from the darkest occupied bin, so that a shift of grey does not
 * matter. Suits few bright pixels on a dark ground.
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns grey value; the brighter class is `value >= threshold`. Behind empty bins it lies in the middle of the gap
 * @throws DomainError for a uniform image (fewer than two occupied bins), NaN or infinite pixels; ShapeError for colour
 * @see C. H. Li, P. K. S. Tam, Pattern Recognit. Lett. 19, 771 (1998), doi:10.1016/S0167-8655(98)00057-9
 * @example
 * const threshold = liThreshold(image);
 */
export function liThreshold(input: GreyOrHistogram, options: GreyHistogramOptions = {}): number {
  const histogram = occupiedHistogram("liThreshold", input, options);
  return thresholdBehind(histogram, liBin(histogram.counts, 0.5));
}
