import type { Estimates } from "../learner/predictor.ts";

/** Members of an average by place in the library, with weights that sum to 1. */
export interface Average {
  readonly members: Int32Array;
  readonly weights: Float64Array;
  /** Weighted mean of the cost. */
  readonly cost: number;
}

const STEPS = 20;

/**
 * Ensemble selection: starting from the best member, adds with replacement the one that lowers the cost of the plain
 * average most, and keeps the best average met on the way.
 *
 * @param library - held-out estimates of each candidate, at least one
 * @param costOf - of the error of one row
 * @param rowWeights - undefined: each row counts once
 * @param steps - weights are multiples of one over a number up to this; 1: the best member
 * @see Caruana, Niculescu-Mizil, Crew & Ksikes, ICML 2004, doi:10.1145/1015330.1015432
 */
export function selectAverage(
  y: Float64Array,
  library: readonly Estimates[],
  rowWeights: Float64Array | undefined,
  costOf: (error: number) => number,
  steps: number = STEPS,
): Average {
  const n = y.length;
  const total = rowWeights === undefined ? n : rowWeights.reduce((sum, w) => sum + w, 0);
  const sum = new Float64Array(n);
  const counts = new Int32Array(library.length);
  let best: { readonly counts: Int32Array; readonly cost: number } | undefined;
  for (let step = 1; step <= steps; step++) {
    let least = Number.POSITIVE_INFINITY;
    let next = 0;
    for (const [k, { mean }] of library.entries()) {
      let cost = 0;
      for (let i = 0; i < n; i++) {
        const error = (y[i] as number) - ((sum[i] as number) + (mean[i] as number)) / step; // i < n
        cost += (rowWeights === undefined ? 1 : (rowWeights[i] as number)) * costOf(error);
      }
      if (cost < least) {
        least = cost;
        next = k;
      }
    }
    const { mean } = library[next] as Estimates; // next < length
    for (let i = 0; i < n; i++) sum[i] = (sum[i] as number) + (mean[i] as number);
    counts[next] = (counts[next] as number) + 1;
    if (best === undefined || least < best.cost) best = { counts: counts.slice(), cost: least };
  }
  const chosen = best as { readonly counts: Int32Array; readonly cost: number }; // steps > 0
  const nChosen = chosen.counts.reduce((all, count) => all + count, 0);
  const members = Int32Array.from(chosen.counts.keys()).filter((k) => (chosen.counts[k] as number) > 0);
  return {
    members,
    weights: Float64Array.from(members, (k) => (chosen.counts[k] as number) / nChosen),
    cost: chosen.cost / total,
  };
}
