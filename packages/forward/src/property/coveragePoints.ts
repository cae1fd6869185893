/** Central intervals of one level: how many rows they should hold, and how many they do. */
export interface CoveragePoint {
  readonly stated: number;
  readonly observed: number;
  /** Between these, 95 of 100 honest models are observed: binomial, of fewer rows where rows of a group go together. */
  readonly low: number;
  readonly high: number;
}

const LEVELS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const TAIL = 0.025;

/**
 * Observed coverage of central predictive intervals, with the band that chance leaves.
 *
 * A row lies in the central interval of level p where 2 |F(y) − ½| ≤ p. The band is of the binomial distribution of n rows and
 * probability p; where the between-group variance of the coverage exceeds p (1 − p) / n, n falls in that proportion.
 *
 * @param pit - F(y) of each held-out row
 * @param groups - rows of one code are held out together
 */
export function coveragePoints(pit: Float64Array, groups: Int32Array | undefined): CoveragePoint[] {
  const n = pit.length;
  const depth = pit.map((value) => 2 * Math.abs(value - 0.5));
  return LEVELS.map((stated) => {
    const inside = depth.map((value) => (value <= stated ? 1 : 0));
    const observed = inside.reduce((sum, value) => sum + value, 0) / n;
    const free = (stated * (1 - stated)) / n;
    const between = groups === undefined ? 0 : varianceBetween(inside, observed, groups);
    const rows = Math.max(1, Math.round(n * Math.min(1, free / Math.max(free, between))));
    const [low, high] = binomialBand(rows, stated);
    return { stated, observed, low: low / rows, high: high / rows };
  });
}

/** Variance of a mean whose groups are drawn whole. */
function varianceBetween(values: Float64Array, mean: number, groups: Int32Array): number {
  const sums = new Map<number, number>();
  for (const [i, value] of values.entries()) {
    const group = groups[i] as number; // one per row
    sums.set(group, (sums.get(group) ?? 0) + value - mean);
  }
  const k = sums.size;
  if (k < 2) return 0;
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return (squares * k) / (k - 1) / values.length ** 2;
}

/** Smallest counts whose distribution functions reach 2.5 and 97.5 %. */
function binomialBand(n: number, p: number): readonly [number, number] {
  let log = n * Math.log1p(-p);
  let total = 0;
  let low = -1;
  for (let k = 0; k <= n; k++) {
    total += Math.exp(log);
    if (low < 0 && total >= TAIL) low = k;
    if (total >= 1 - TAIL) return [low, k];
    log += Math.log((n - k) / (k + 1)) + Math.log(p / (1 - p));
  }
  return [Math.max(low, 0), n];
}
