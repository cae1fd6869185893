import type { LabelMap } from "@materiome/core";
import { interceptGrainSize } from "../measure/interceptGrainSize.ts";
import { planimetricGrainSize } from "../measure/planimetricGrainSize.ts";
import { requireSameSize } from "./sameSize.ts";

export interface GrainSizeDifference {
  /** G by lineal intercept, predicted less true: −2·log₂(ℓ̄ predicted / ℓ̄ true). Positive: too fine. */
  readonly intercept: number;
  /** G by planimetric count, predicted less true: log₂(N_A predicted / N_A true). */
  readonly planimetric: number;
  /** ℓ̄ predicted over ℓ̄ true, less 1. */
  readonly relativeIntercept: number;
}

/**
 * Difference of grain size number of two labellings of one field, by the same definition on both. Needs no calibration.
 *
 * @param predicted - grains 1 … n that tile the field (no 0: `absorbBoundaries` first)
 * @param truth - likewise, same size
 * @throws ShapeError for maps of different size; DomainError for maps that hold 0; DataError where no boundary is met
 * @see ASTM E112-13 Table 6: G = −6.643856·log₁₀ ℓ̄(mm) − 3.288 and G = 3.321928·log₁₀ N_A(mm⁻²) − 2.954
 * @example
 * const { intercept } = grainSizeDifference(labels, handLabels);
 */
export function grainSizeDifference(predicted: LabelMap, truth: LabelMap): GrainSizeDifference {
  requireSameSize("grainSizeDifference", predicted, truth);
  const bare = ({ data, width, height }: LabelMap): LabelMap => ({ data, width, height, channels: 1 });
  const [a, b] = [bare(predicted), bare(truth)];
  const ratio = interceptGrainSize(a).meanInterceptPx / interceptGrainSize(b).meanInterceptPx;
  const counts = planimetricGrainSize(a).grainsPerPx / planimetricGrainSize(b).grainsPerPx;
  return { intercept: 2 * Math.log2(1 / ratio), planimetric: Math.log2(counts), relativeIntercept: ratio - 1 };
}
