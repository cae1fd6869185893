import type { AbortLike } from "@materiome/core";
import type { Estimates } from "../learner/predictor.ts";
import { combine } from "../stack/stackPredictor.ts";
import { chooseWeights } from "./chooseWeights.ts";
import { type CostOf, type Judged, splitJudged } from "./judged.ts";

/**
 * Rows of each fold as they are predicted with the weights that the other folds choose. Candidates held these rows out, but weights
 * chosen by them fit their noise, so that the average errs less there than on new rows (Cawley & Talbot, J. Mach. Learn. Res. 11, 2079
 * (2010)). Which candidates there are was decided by all folds, so a little of that is left.
 */
export function heldOutOfChoices(judged: Judged, costOf: CostOf, signal: AbortLike | undefined): Estimates {
  const n = judged.y.length;
  const out: Estimates = { mean: new Float64Array(n), variance: new Float64Array(n) };
  for (const { rows, own, others } of splitJudged(judged)) {
    signal?.throwIfAborted();
    const { weights } = chooseWeights(others, costOf);
    // Without those of weight 0, whose variance may be unknown.
    const members = own.library.filter((_, m) => weights[m] !== 0).map(({ estimates }) => estimates);
    const { mean, variance } = combine(
      members,
      weights.filter((weight) => weight !== 0),
      0,
    );
    for (const [r, i] of rows.entries()) {
      out.mean[i] = mean[r] as number; // one per row
      out.variance[i] = variance[r] as number;
    }
  }
  return out;
}
