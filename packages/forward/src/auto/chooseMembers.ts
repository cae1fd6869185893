import type { TrainingSet } from "../learner/checkTraining.ts";
import { type InnerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import type { Estimates } from "../learner/predictor.ts";
import { combine } from "../stack/stackPredictor.ts";
import { type Average, selectAverage } from "./selectAverage.ts";

/** What candidates are judged on. */
export type JudgedRows = Pick<TrainingSet, "y" | "weights" | "groups" | "nGroups">;

type CostOf = (error: number) => number;

/**
 * The best candidate, or the best average where its cost lies below that of the best by more than a standard error, over the groups of rows.
 *
 * @param library - held-out estimates of each candidate, at least one
 */
export function chooseMembers(rows: JudgedRows, library: readonly Estimates[], costOf: CostOf): Average {
  const average = selectAverage(rows.y, library, rows.weights, costOf);
  const single = selectAverage(rows.y, library, rows.weights, costOf, 1);
  return isClearlyBetter(average, single, library, rows, costOf) ? average : single;
}

/**
 * Rows of each fold as they are predicted by what the other folds choose. Candidates held these rows out, but what is chosen by them errs less on
 * them than on new rows: it was the least of many errors there, and its weights fit their noise (Cawley & Talbot, J. Mach. Learn. Res. 11,
 * 2079 (2010)).
 */
export function heldOutOfChoices(
  rows: JudgedRows,
  library: readonly Estimates[],
  folds: InnerFolds,
  costOf: CostOf,
): Estimates {
  const out: Estimates = { mean: new Float64Array(rows.y.length), variance: new Float64Array(rows.y.length) };
  for (let k = 0; k < folds.nFolds; k++) {
    const others = rowsOutside(folds, [k]);
    const seen = library.map((estimates) => takeEstimates(estimates, others));
    const { members, weights } = chooseMembers(takeJudged(rows, others), seen, costOf);
    const own = rowsOf(folds, k);
    const parts = Array.from(members, (m) => takeEstimates(library[m] as Estimates, own)); // members of it
    const { mean, variance } = combine(parts, weights, 0);
    for (const [r, i] of own.entries()) {
      out.mean[i] = mean[r] as number; // one per row
      out.variance[i] = variance[r] as number;
    }
  }
  return out;
}

/** Mean over the rows, by their weights. */
export function meanCost({ y, weights }: JudgedRows, predicted: Float64Array, costOf: CostOf): number {
  let [sum, total] = [0, 0];
  for (const [i, value] of y.entries()) {
    const weight = weights?.[i] ?? 1;
    sum += weight * costOf(value - (predicted[i] as number)); // one per row
    total += weight;
  }
  return sum / total;
}

function isClearlyBetter(
  average: Average,
  single: Average,
  library: readonly Estimates[],
  rows: JudgedRows,
  costOf: CostOf,
): boolean {
  const meanOf = ({ members, weights }: Average): Float64Array =>
    combine(
      Array.from(members, (m) => library[m] as Estimates), // members of it
      weights,
      0,
    ).mean;
  const [several, one] = [meanOf(average), meanOf(single)];
  const gains = new Float64Array(rows.nGroups);
  const counts = new Float64Array(rows.nGroups);
  for (const [i, y] of rows.y.entries()) {
    const [group, weight] = [rows.groups[i] as number, rows.weights?.[i] ?? 1]; // one per row, here and below
    const gain = costOf(y - (one[i] as number)) - costOf(y - (several[i] as number));
    gains[group] = (gains[group] as number) + weight * gain;
    counts[group] = (counts[group] as number) + weight;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const gain = gains.reduce((sum, value) => sum + value, 0) / total;
  const squares = gains.reduce((sum, value, g) => sum + (value - gain * (counts[g] as number)) ** 2, 0); // one per group
  return gain > Math.sqrt(squares) / total;
}

function takeEstimates({ mean, variance }: Estimates, kept: Int32Array): Estimates {
  return { mean: take(mean, kept), variance: take(variance, kept) };
}

function takeJudged({ y, weights, groups, nGroups }: JudgedRows, kept: Int32Array): JudgedRows {
  return {
    y: take(y, kept),
    weights: weights && take(weights, kept),
    groups: kept.map((i) => groups[i] as number),
    nGroups,
  };
}

const take = (values: Float64Array, kept: Int32Array): Float64Array =>
  Float64Array.from(kept, (i) => values[i] as number); // rows of the same table
