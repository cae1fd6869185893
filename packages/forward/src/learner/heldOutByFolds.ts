import { type AbortLike, type FeatureMatrix, type Random, takeRows } from "@materiome/core";
import { groupKFold, kFold } from "../validation/splitter.ts";
import type { TrainingRows } from "./checkTraining.ts";
import type { Predictor } from "./predictor.ts";
import type { HeldOut } from "./regressionModel.ts";

/** Inner folds of training rows: `fold[i]` is the one in which row i is held out. */
export interface InnerFolds {
  readonly fold: Int32Array;
  readonly nFolds: number;
}

/** Inner folds with whole groups; fewer than `most` where there are fewer rows or groups. */
export function innerFolds(rows: TrainingRows, most: number, random: Random): InnerFolds {
  const nFolds = Math.min(most, rows.nGroups);
  const splitter = rows.isGrouped ? groupKFold(nFolds) : kFold(nFolds);
  return { fold: splitter.assign(rows.x.rows, rows.groups, random), nFolds };
}

/** Rows outside the given folds, ascending. */
export function rowsOutside({ fold }: InnerFolds, left: readonly number[]): Int32Array {
  return Int32Array.from(fold.keys()).filter((i) => !left.includes(fold[i] as number)); // i < rows
}

/** Rows of one fold, ascending. */
export function rowsOf({ fold }: InnerFolds, k: number): Int32Array {
  return Int32Array.from(fold.keys()).filter((i) => fold[i] === k);
}

/**
 * Predicts the rows of each fold by what was fitted to the others.
 *
 * @param fit - fits to the rows `train`, everything learnt (scaling and penalty too) from them alone
 */
export async function heldOutByFolds(
  x: FeatureMatrix,
  folds: InnerFolds,
  fit: (train: Int32Array, k: number) => Promise<Predictor> | Predictor,
  signal: AbortLike | undefined,
): Promise<HeldOut> {
  const mean = new Float64Array(x.rows);
  const variance = new Float64Array(x.rows);
  for (let k = 0; k < folds.nFolds; k++) {
    signal?.throwIfAborted();
    const predictor = await fit(rowsOutside(folds, [k]), k);
    scatter(predictor, x, rowsOf(folds, k), { mean, variance });
  }
  return { mean, variance };
}

/** Writes the estimates of some rows to their places. */
export function scatter(predictor: Predictor, x: FeatureMatrix, rows: Int32Array, out: HeldOut): void {
  const part = predictor.estimate(takeRows(x, rows));
  for (const [at, i] of rows.entries()) {
    out.mean[i] = part.mean[at] as number; // one per row
    out.variance[i] = part.variance[at] as number;
  }
}
