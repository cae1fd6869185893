import type { Estimates } from "../learner/predictor.ts";

/** Steps of the selection: weights are multiples of its inverse. */
const STEPS = 20;

/**
 * Ensemble selection, as weights of the library that sum to 1: starting from the best member, adds with replacement the one that lowers the cost of the plain
 * average most, and keeps the best average met on the way.
 *
 * @param library - held-out estimates of each candidate, at least one
 * @param costOf - of the error of one row
 * @param rowWeights - undefined: each row counts once
 * @see Caruana, Niculescu-Mizil, Crew & Ksikes, ICML 2004, doi:10.1145/1015330.1015432
 */
export function selectAverage(
  y: Float64Array,
  library: readonly Estimates[],
  rowWeights: Float64Array | undefined,
  costOf: (error: number) => number,
): Float64Array {
  const n = y.length;
  const sum = new Float64Array(n);
  const counts = new Int32Array(library.length);
  let best: { readonly counts: Int32Array; readonly cost: number } | undefined;
  for (let step = 1; step <= STEPS; step++) {
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
  const chosen = (best as { readonly counts: Int32Array }).counts; // STEPS > 0
  const total = chosen.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(chosen, (count) => count / total);
}
