import { type AbortLike, ConvergenceError, type Matrix } from "@materiome/core";
import { minimiseBounded } from "@materiome/core/numerics";
import { softmaxObjective } from "../kernels/index.ts";
import type { CodedClassifier } from "../tree/codedClassifier.ts";
import { linearClassifier } from "./linearClassifier.ts";
import { fitStandardiser, standardise } from "./standardiser.ts";

/**
 * Logistic regressions of several penalties, each solution the start of the next.
 *
 * @param penalties - falling
 * @throws ConvergenceError if a minimum is not found
 */
export function logisticFits(
  caller: string,
  x: Matrix,
  codes: Int32Array,
  weights: Float64Array,
  nClasses: number,
  penalties: readonly number[],
  signal: AbortLike | undefined,
): readonly CodedClassifier[] {
  const n = x.rows;
  const standardiser = fitStandardiser(x);
  const z = standardise(standardiser, x);
  const p = z.columns;
  const totals = new Float64Array(nClasses);
  for (const [i, code] of codes.entries()) totals[code] = (totals[code] as number) + (weights[i] as number); // < nClasses
  // A class without weight has no finite intercept.
  const present = Int32Array.from(totals.keys()).filter((c) => totals[c] !== 0);
  const own = codes.map((code) => present.indexOf(code));
  const nVectors = present.length === 2 ? 1 : present.length;
  const counted = Float64Array.from(own, (code, i) => (code < 0 ? 0 : (weights[i] as number)));
  const places = own.map((code) => Math.max(0, code));
  const logits = new Float64Array(present.length);
  let start: Float64Array = new Float64Array(nVectors * (p + 1));
  return penalties.map((penalty) => {
    const found = minimiseBounded(
      (at, gradient) =>
        softmaxObjective(n, p, present.length, nVectors, z.data, places, counted, penalty, at, gradient, logits),
      start,
      { gradientTolerance: 1e-8 * n, valueTolerance: 1e-13, maxIterations: 10_000, signal },
    );
    // Where no step lowers the value any more, rounding is all that is left of the gradient.
    if (found.reason === "iterations" || found.reason === "evaluations") {
      throw new ConvergenceError(
        `${caller}: no minimum found for penalty ${penalty}; use a larger one`,
        found.iterations,
        found.projectedGradient,
      );
    }
    start = found.x;
    return linearClassifier({
      nFeatures: x.columns,
      nClasses,
      standardiser,
      present,
      vectors: found.x,
    });
  });
}
