import type { AbortLike } from "@materiome/core";
import type { Estimates } from "../learner/predictor.ts";
import { combine } from "./stackPredictor.ts";

/** Weights of parts; what they leave of 1 goes to the centre. */
export interface Weighing {
  readonly weights: Float64Array;
  readonly centre: number;
}

export interface AverageByOthersOptions {
  /** Ascending. @defaultValue all rows of the folds */
  readonly rows?: Int32Array | undefined;
  readonly signal?: AbortLike | undefined;
}

/**
 * Averages the parts of each fold with the weights that the rows of the other folds give. Learners held these rows out, but weights
 * chosen by them fit their noise, so that an average errs less there than on new rows (Cawley & Talbot, J. Mach. Learn. Res. 11, 2079
 * (2010)).
 *
 * @param parts - held-out estimates of each row by each learner; what those of weight 0 say is not looked at
 * @param fold - inner fold of each row
 * @param weigh - weights from some rows, ascending: none where all rows lie in one fold
 * @returns estimates of each row; 0 for those that are not among `rows`
 */
export function averageByOthers(
  parts: readonly Estimates[],
  fold: Int32Array,
  weigh: (others: Int32Array) => Weighing,
  { rows = Int32Array.from(fold.keys()), signal }: AverageByOthersOptions = {},
): Estimates {
  const out: Estimates = { mean: new Float64Array(fold.length), variance: new Float64Array(fold.length) };
  for (const k of new Set(rows.map((i) => fold[i] as number))) {
    signal?.throwIfAborted();
    const { weights, centre } = weigh(rows.filter((i) => fold[i] !== k));
    const own = rows.filter((i) => fold[i] === k);
    const members = parts.filter((_, m) => weights[m] !== 0);
    const taken = members.map((part): Estimates => ({ mean: at(part.mean, own), variance: at(part.variance, own) }));
    const combined = combine(
      taken,
      weights.filter((weight) => weight !== 0),
      centre,
    );
    for (const [r, i] of own.entries()) {
      out.mean[i] = combined.mean[r] ?? centre; // without members
      out.variance[i] = combined.variance[r] ?? 0;
    }
  }
  return out;
}

const at = (values: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (i) => values[i] as number); // rows of the same set
