import { DomainError } from "@materiome/core";

/** Tail exponent: beyond the outermost residuals the density falls as a generalised Pareto tail of this shape. */
const TAIL_SHAPE = 0.25;

/** A continuous distribution on the whole line; `cdf` and `quantile` are inverse to each other. */
export interface ResidualDistribution {
  cdf(z: number): number;
  quantile(p: number): number;
}

/**
 * Smoothed empirical distribution of n residuals: linear between neighbouring order statistics, which have the
 * probabilities i / (n + 1), so that a central interval of level 1 − α covers a new exchangeable value at least that
 * often. Residuals that go together are worth fewer `units` u: the outermost have the probability 1 / (u + 1), the others lie
 * evenly between. Beyond the outermost residuals (1 / (n + 1), or 1 / (u + 1), on each side) follow generalised Pareto tails of shape
 * 0.25, whose scale is the mean distance of the outer √n residuals from the inner end of them, at least a fifth of their
 * standard deviation: finite, and the wider the fewer residuals there are.
 *
 * @param sorted - residuals, strictly ascending, at least 2
 * @param units - independent residuals that they are worth, 1 … n
 */
export function residualDistribution(sorted: Float64Array, units: number = sorted.length): ResidualDistribution {
  const n = sorted.length;
  const first = sorted[0] as number; // n ≥ 2
  const last = sorted[n - 1] as number;
  const edge = 1 / (units + 1);
  const step = (1 - 2 * edge) / (n - 1);
  const outer = Math.min(n - 1, Math.ceil(Math.sqrt(n)));
  const least = 0.2 * standardDeviation(sorted);
  const lowScale = tailScale(sorted.subarray(0, outer + 1), sorted[outer] as number, least); // outer < n
  const highScale = tailScale(sorted.subarray(n - outer - 1), sorted[n - outer - 1] as number, least);
  return {
    cdf(z) {
      if (z < first) return edge * (1 + (TAIL_SHAPE * (first - z)) / lowScale) ** (-1 / TAIL_SHAPE);
      if (z >= last) return 1 - edge * (1 + (TAIL_SHAPE * (z - last)) / highScale) ** (-1 / TAIL_SHAPE);
      let a = 0;
      let b = n - 1;
      while (b - a > 1) {
        const middle = (a + b) >> 1;
        if ((sorted[middle] as number) <= z) a = middle;
        else b = middle;
      }
      const low = sorted[a] as number; // a < b ≤ n − 1
      const high = sorted[b] as number;
      return edge + (a + (z - low) / (high - low)) * step;
    },
    quantile(p) {
      if (!(p > 0 && p < 1)) throw new DomainError(`quantile: p must lie between 0 and 1, got ${p}`);
      if (p < edge) return first - (lowScale / TAIL_SHAPE) * ((p / edge) ** -TAIL_SHAPE - 1);
      if (1 - p < edge) return last + (highScale / TAIL_SHAPE) * (((1 - p) / edge) ** -TAIL_SHAPE - 1);
      const position = step > 0 ? Math.min(Math.max((p - edge) / step, 0), n - 1) : (n - 1) / 2;
      const a = Math.min(Math.floor(position), n - 2);
      const low = sorted[a] as number; // a + 1 ≤ n − 1
      return low + (position - a) * ((sorted[a + 1] as number) - low);
    },
  };
}

/** Mean distance of a run of order statistics from its inner end, at least `least`. */
function tailScale(run: Float64Array, inner: number, least: number): number {
  let sum = 0;
  for (const z of run) sum += Math.abs(z - inner);
  return Math.max(sum / Math.max(1, run.length - 1), least, Number.MIN_VALUE);
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
