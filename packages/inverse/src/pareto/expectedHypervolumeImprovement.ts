import { DomainError, ShapeError } from "@materiome/core";
import { averageImprovement } from "./averageImprovement.ts";
import type { BoxDecomposition } from "./boxDecomposition.ts";

/** An acquisition value at one point with its derivatives by the mean and the variance of each outcome. */
export interface OutcomeAcquisition {
  readonly value: number;
  /** [m] */
  readonly dMean: Float64Array;
  /** [m] */
  readonly dVariance: Float64Array;
}

/**
 * Expected hypervolume improvement of one new outcome whose objectives are independent and normal, exact for up to four
 * objectives: Σ over boxes Π_j (ψ_j(u_j) − ψ_j(l_j)) with ψ_j(t) = (t − μ_j) Φ(z) + σ_j φ(z), z = (t − μ_j)/σ_j. In the product
 * of the objectives' units. Where it underflows, {@link logExpectedHypervolumeImprovement} still has a slope.
 *
 * @param mean [m], in the sense in which small is good
 * @param variance [m], positive
 * @throws ShapeError if lengths differ from the number of objectives
 * @throws DomainError for means that are not finite or variances that are not positive
 * @see Emmerich, Deutz & Klinkenberg, IEEE CEC 2011, 2147, doi:10.1109/CEC.2011.5949880; Yang, Emmerich, Deutz & Bäck, J. Glob.
 * Optim. 75, 3 (2019), doi:10.1007/s10898-019-00798-7
 * @example
 * const boxes = decomposeNonDominated(createMatrix(1, 2, Float64Array.of(1, 1)), [2, 2]);
 * expectedHypervolumeImprovement(boxes, Float64Array.of(1, 1), Float64Array.of(0.04, 0.04)).value; // 0.166…
 */
export function expectedHypervolumeImprovement(
  boxes: BoxDecomposition,
  mean: Float64Array,
  variance: Float64Array,
): OutcomeAcquisition {
  const { value, dMean, dVariance } = logImprovement("expectedHypervolumeImprovement", boxes, mean, variance);
  const plain = Math.exp(value);
  return { value: plain, dMean: dMean.map((d) => d * plain), dVariance: dVariance.map((d) => d * plain) };
}

/**
 * Natural logarithm of {@link expectedHypervolumeImprovement}, computed in logarithms where the value itself would underflow, so
 * that it has a usable gradient far from the front.
 *
 * @throws ShapeError if lengths differ from the number of objectives
 * @throws DomainError for means that are not finite or variances that are not positive
 * @see Ament, Daulton, Eriksson, Balandat & Bakshy, NeurIPS 2023, arXiv:2310.20708
 * @example
 * const boxes = decomposeNonDominated(createMatrix(1, 2, Float64Array.of(1, 1)), [2, 2]);
 * logExpectedHypervolumeImprovement(boxes, Float64Array.of(30, 30), Float64Array.of(0.01, 0.01)).value; // -81 000 or so, not −∞
 */
export function logExpectedHypervolumeImprovement(
  boxes: BoxDecomposition,
  mean: Float64Array,
  variance: Float64Array,
): OutcomeAcquisition {
  return logImprovement("logExpectedHypervolumeImprovement", boxes, mean, variance);
}

function logImprovement(
  who: string,
  boxes: BoxDecomposition,
  mean: Float64Array,
  variance: Float64Array,
): OutcomeAcquisition {
  const m = boxes.nObjectives;
  if (mean.length !== m || variance.length !== m) {
    throw new ShapeError(`${who}: needs ${m} means and variances, got ${mean.length} and ${variance.length}`);
  }
  if (!mean.every(Number.isFinite) || !variance.every((v) => v > 0 && Number.isFinite(v))) {
    throw new DomainError(
      `${who}: needs finite means and positive variances, got means ${mean.join(", ")} and variances ${variance.join(", ")}`,
    );
  }
  const std = variance.map(Math.sqrt);
  const { logValue, dMean, dStd } = averageImprovement([boxes], mean, std);
  return { value: logValue, dMean, dVariance: dStd.map((d, j) => d / (2 * (std[j] ?? 1))) };
}
