import type { Estimates } from "../learner/predictor.ts";

/** Cost of the error of one row. */
export type CostOf = (error: number) => number;

/** Rows, and what candidates say of them. */
export interface Judged {
  readonly y: Float64Array;
  /** Undefined: each row counts once. */
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array;
  /** Inner fold of each row, in which candidates held it out. */
  readonly fold: Int32Array;
  /** At least one; their means are finite. */
  readonly library: readonly Candidate[];
}

export interface Candidate {
  readonly family: { readonly name: string };
  /** Held-out estimates of the rows. */
  readonly estimates: Estimates;
}

/** Mean over the rows by their weights; 0 where none has any. */
export function meanCost(
  { y, weights }: Pick<Judged, "y" | "weights">,
  predicted: Float64Array,
  costOf: CostOf,
): number {
  let [sum, total] = [0, 0];
  for (const [i, value] of y.entries()) {
    const weight = weights === undefined ? 1 : (weights[i] as number); // one per row, here and below
    if (weight === 0) continue;
    sum += weight * costOf(value - (predicted[i] as number));
    total += weight;
  }
  return total === 0 ? 0 : sum / total;
}

/** Some rows, by their indices. */
export function takeJudged({ y, weights, groups, fold, library }: Judged, rows: Int32Array): Judged {
  return {
    y: take(y, rows),
    weights: weights && take(weights, rows),
    groups: rows.map((i) => groups[i] as number), // rows of one table, here and below
    fold: rows.map((i) => fold[i] as number),
    library: library.map(({ family, estimates: { mean, variance } }) => ({
      family,
      estimates: { mean: take(mean, rows), variance: take(variance, rows) },
    })),
  };
}

function take(values: Float64Array, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let r = 0; r < rows.length; r++) taken[r] = values[rows[r] as number] as number;
  return taken;
}
