import type { TrainingSet } from "../learner/checkTraining.ts";
import { combine } from "../stack/stackPredictor.ts";
import type { ScoredTrial } from "./searchTrials.ts";
import type { Average } from "./selectAverage.ts";

/** Whether the cost of the average lies below that of the best single trial by more than a standard error, over the groups of rows. */
export function isClearlyBetter(
  { members, weights }: Average,
  best: ScoredTrial,
  library: readonly ScoredTrial[],
  rows: TrainingSet,
  costOf: (error: number) => number,
): boolean {
  const parts = Array.from(members, (k) => (library[k] as ScoredTrial).estimates); // members of it
  const { mean } = combine(parts, weights, 0);
  const gains = new Float64Array(rows.nGroups);
  const counts = new Float64Array(rows.nGroups);
  for (const [i, y] of rows.y.entries()) {
    const [single, several] = [y - (best.estimates.mean[i] as number), y - (mean[i] as number)]; // one per row
    const [group, weight] = [rows.groups[i] as number, rows.weights?.[i] ?? 1];
    gains[group] = (gains[group] as number) + weight * (costOf(single) - costOf(several));
    counts[group] = (counts[group] as number) + weight;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const gain = gains.reduce((sum, value) => sum + value, 0) / total;
  const squares = gains.reduce((sum, value, g) => sum + (value - gain * (counts[g] as number)) ** 2, 0); // one per group
  return gain > Math.sqrt(squares) / total;
}
