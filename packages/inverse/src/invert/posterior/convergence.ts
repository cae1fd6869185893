import { normalQuantile } from "@materiome/core/numerics";

/** How well several chains have told one quantity. */
export interface Convergence {
  /** Rank-normalised split R̂, of the values and of their distance from the median, the larger of the two: 1 where chains agree. */
  readonly rHat: number;
  /** Number of independent draws that would tell the mean as well (bulk effective sample size). */
  readonly effectiveSampleSize: number;
}

/**
 * R̂ and effective sample size of one quantity in several chains of equal length, each at least 4 draws, after rank
 * normalisation, so that heavy tails do no harm.
 *
 * Chains are split in halves; R̂ = √(((n − 1)/n W + B/n) / W). Effective sample size m n / (−1 + 2 Σ ρ̂) with the autocorrelations of
 * all chains together, summed in pairs while these are positive and falling (Geyer's initial monotone sequence). A quantity that is
 * the same in every draw has R̂ 1 and as many effective draws as there are.
 *
 * @see A. Vehtari, A. Gelman, D. Simpson, B. Carpenter & P.-C. Bürkner, Bayesian Anal. 16, 667 (2021), doi:10.1214/20-BA1221,
 * eqs. 1–14
 * @example
 * convergenceOf(chains.map((chain) => Float64Array.from(chain, ({ temperature }) => temperature)));
 */
export function convergenceOf(chains: readonly Float64Array[]): Convergence {
  const halves = chains.flatMap((chain) => {
    const n = Math.floor(chain.length / 2);
    return [chain.subarray(0, n), chain.subarray(chain.length - n)];
  });
  const all = Float64Array.from(halves.flatMap((chain) => Array.from(chain)));
  if (all.every((value) => value === all[0])) return { rHat: 1, effectiveSampleSize: all.length };
  const sorted = all.slice().sort();
  const middle = sorted[sorted.length >> 1] ?? Number.NaN;
  const bulk = normalScores(halves);
  const folded = normalScores(halves.map((chain) => chain.map((value) => Math.abs(value - middle))));
  return { rHat: Math.max(splitRHat(bulk), splitRHat(folded)), effectiveSampleSize: effectiveSize(bulk) };
}

/** Φ⁻¹((rank − 3/8) / (S + 1/4)) with the mean rank of equal values. */
function normalScores(chains: readonly Float64Array[]): readonly Float64Array[] {
  const n = chains[0]?.length ?? 0;
  const total = n * chains.length;
  const value = (i: number): number => chains[Math.floor(i / n)]?.[i % n] ?? Number.NaN;
  const order = Array.from({ length: total }, (_, i) => i).sort((a, b) => value(a) - value(b));
  const scores = chains.map(() => new Float64Array(n));
  for (let start = 0; start < total; ) {
    let end = start + 1;
    while (end < total && value(order[end] ?? 0) === value(order[start] ?? 0)) end++;
    const score = normalQuantile(((start + 1 + end) / 2 - 0.375) / (total + 0.25));
    for (const i of order.slice(start, end)) (scores[Math.floor(i / n)] ?? new Float64Array(n))[i % n] = score;
    start = end;
  }
  return scores;
}

function splitRHat(chains: readonly Float64Array[]): number {
  const { within, total } = variances(chains);
  return within > 0 ? Math.sqrt(total / within) : total > 0 ? Number.POSITIVE_INFINITY : 1;
}

/** Mean variance within chains, and the estimate from within and between together. */
function variances(chains: readonly Float64Array[]): { readonly within: number; readonly total: number } {
  const n = chains[0]?.length ?? 0;
  const means = chains.map(average);
  const within = average(chains.map((chain, c) => squares(chain, means[c] ?? 0) / (n - 1)));
  const between = squares(means, average(means)) / (means.length - 1);
  return { within, total: ((n - 1) / n) * within + between };
}

function effectiveSize(chains: readonly Float64Array[]): number {
  const n = chains[0]?.length ?? 0;
  const size = n * chains.length;
  const { within, total } = variances(chains);
  if (!(total > 0)) return size;
  const means = chains.map(average);
  const correlation = (lag: number): number => {
    const shared = average(
      chains.map((chain, c) => {
        const mean = means[c] ?? 0;
        let sum = 0;
        for (let i = lag; i < n; i++) sum += ((chain[i] ?? 0) - mean) * ((chain[i - lag] ?? 0) - mean);
        return sum / n;
      }),
    );
    // Autocovariance with divisor n stands against the variance with divisor n - 1, as in Stan.
    return 1 - (within - (shared * n) / (n - 1)) / total;
  };
  let sum = 0;
  let before = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0)) break;
    before = Math.min(before, pair);
    sum += before;
  }
  // No claim beyond S log10(S), where chains are anticorrelated.
  return size / Math.max(-1 + 2 * sum, 1 / Math.log10(size));
}

function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

function squares(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] ?? 0) - mean) ** 2;
  return sum;
}
