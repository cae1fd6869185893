import { DomainError } from "@materiome/core";
import { multiOtsuBins } from "../kernels/index.ts";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { type GreyOrHistogram, occupiedHistogram, thresholdBehind } from "./histogramThreshold.ts";

export interface MultiOtsuOptions extends GreyHistogramOptions {
  /** Number of classes, 2 … 16. @defaultValue 3 */
  readonly classes?: number | undefined;
}

/**
 * Thresholds between n classes of grey that maximise the variance between the classes, Σ wₖ (μₖ − μ)²: the exact optimum
 * over all partitions of the bins, by dynamic programming in O(classes · bins²).
 *
 * Resolution: one bin, 1/256 of the grey range unless `bins` says otherwise.
 *
 * @param input - histogram, or a one-channel finite image whose histogram is made with `options`
 * @returns classes − 1 rising grey values; class k is `thresholds[k − 1] <= value < thresholds[k]`
 * @throws DomainError for fewer occupied bins than classes (uniform image), NaN pixels, or classes outside 2 … 16
 * @throws ShapeError for colour
 * @see P.-S. Liao, T.-S. Chen, P.-C. Chung, J. Inf. Sci. Eng. 17, 713 (2001)
 * @example
 * const [pore, bright] = multiOtsuThresholds(image, { classes: 3 });
 */
export function multiOtsuThresholds(input: GreyOrHistogram, options: MultiOtsuOptions = {}): number[] {
  const classes = options.classes ?? 3;
  if (!(Number.isInteger(classes) && classes >= 2 && classes <= 16)) {
    throw new DomainError(`multiOtsuThresholds: classes must be an integer in 2 … 16, got ${classes}`);
  }
  const histogram = occupiedHistogram("multiOtsuThresholds", input, options, classes);
  const cuts = new Int32Array(classes - 1);
  multiOtsuBins(histogram.counts, classes, cuts);
  return Array.from(cuts, (bin) => thresholdBehind(histogram, bin));
}
