import type { AbortLike } from "@materiome/core";
import type { Estimates } from "../learner/predictor.ts";
import { averageByOthers } from "../stack/averageByOthers.ts";
import { chooseWeights } from "./chooseWeights.ts";
import { type CostOf, type Judged, takeJudged } from "./judged.ts";

/**
 * Rows of each fold as they are predicted with the weights that the other folds choose. Which candidates there are was decided by all
 * folds, so a little of what choosing costs is left out.
 */
export function heldOutOfChoices(judged: Judged, costOf: CostOf, signal: AbortLike | undefined): Estimates {
  return averageByOthers(
    judged.library.map(({ estimates }) => estimates),
    judged.fold,
    (others) => ({ weights: chooseWeights(takeJudged(judged, others), costOf).weights, centre: 0 }),
    { signal },
  );
}
