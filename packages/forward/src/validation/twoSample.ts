import { DataError, DomainError, type Random, shuffle } from "@materiome/core";
import { chiSquareCdf, logGamma } from "@materiome/core/numerics";

/** Product of sample sizes up to which the p-value counts paths; beyond, the limiting distribution. */
const MOST_PATHS = 4_000_000;
const PERMUTATIONS = 1999;
/** Below this expected count in some cell, the chi-squared distribution is not to be trusted. */
const FEWEST_EXPECTED = 5;

export interface TwoSampleTest {
  readonly statistic: number;
  readonly p: number;
}

/**
 * Two-sample Kolmogorov–Smirnov test: D = max |F₁ − F₂| of the empirical distribution functions. Exact p-value by counting
 * lattice paths for samples up to 4 million pairs (an upper bound where values repeat), else Kolmogorov's limit.
 *
 * @throws DataError for an empty sample; DomainError for values that are not finite
 * @see Kim & Jennrich, in Selected Tables in Mathematical Statistics 1 (1973); Hodges, Ark. Mat. 3, 469 (1958), doi:10.1007/BF02589501
 */
export function kolmogorovSmirnov(first: ArrayLike<number>, second: ArrayLike<number>): TwoSampleTest {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) throw new DataError("kolmogorovSmirnov: each sample needs at least one value");
  if (!a.every(Number.isFinite) || !b.every(Number.isFinite)) {
    throw new DomainError("kolmogorovSmirnov: values must be finite; drop missing ones");
  }
  let [i, j] = [0, 0];
  let statistic = 0;
  while (i < n && j < m) {
    const value = Math.min(a[i] as number, b[j] as number); // i < n, j < m
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    statistic = Math.max(statistic, Math.abs(i / n - j / m));
  }
  return {
    statistic,
    p: n * m <= MOST_PATHS ? exactP(n, m, statistic) : limitP(Math.sqrt((n * m) / (n + m)) * statistic),
  };
}

/** P(D ≥ d): one minus the share of paths from (0, 0) to (n, m) that stay nearer than d to the diagonal. */
function exactP(n: number, m: number, d: number): number {
  const bound = (Math.round(d * n * m) - 0.5) / (n * m);
  // inside[j]: share of paths to (i, j) that stay inside, built up row by row.
  const inside = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) inside[j] = j / m > bound ? 0 : 1;
  for (let i = 1; i <= n; i++) {
    const keep = i / (i + m);
    inside[0] = i / n > bound ? 0 : keep * (inside[0] as number);
    for (let j = 1; j <= m; j++) {
      inside[j] = Math.abs(i / n - j / m) > bound ? 0 : keep * (inside[j] as number) + (inside[j - 1] as number); // j ≤ m
    }
  }
  return Math.min(1, Math.max(0, 1 - (inside[m] as number)));
}

/** Kolmogorov's limiting distribution, upper tail. */
function limitP(x: number): number {
  if (x < 0.2) return 1; // differs from 1 by less than 1e-12
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Chi-squared test that two samples of labels come from one distribution. Where a cell is expected to hold fewer than 5 the
 * p-value is exact for two labels (the share of all exchanges of rows between the samples), that of 1999 random exchanges for more.
 *
 * @throws DataError for an empty sample
 */
export function compareLabels(first: readonly string[], second: readonly string[], random: Random): TwoSampleTest {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) throw new DataError("compareLabels: each sample needs at least one label");
  const index = new Map<string, number>();
  const codes = Int32Array.from(
    [...first, ...second].map((label) => {
      const code = index.get(label) ?? index.size;
      index.set(label, code);
      return code;
    }),
  );
  const k = index.size;
  if (k === 1) return { statistic: 0, p: 1 };
  const total = new Float64Array(k);
  for (const code of codes) total[code] = (total[code] as number) + 1; // code < k
  const countOf = (order: ArrayLike<number>): Float64Array => {
    const own = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      const code = codes[order[i] as number] as number; // i < n ≤ length
      own[code] = (own[code] as number) + 1;
    }
    return own;
  };
  const statisticOf = (own: Float64Array): number => {
    let sum = 0;
    for (const [c, count] of own.entries()) {
      const expected = ((total[c] as number) * n) / (n + m);
      sum += ((count - expected) ** 2 / expected) * ((n + m) / m); // both samples deviate alike
    }
    return sum;
  };
  const statistic = statisticOf(countOf(Int32Array.from(codes.keys())));
  const least = (Math.min(n, m) * total.reduce((a, b) => Math.min(a, b))) / (n + m);
  if (least >= FEWEST_EXPECTED) return { statistic, p: 1 - chiSquareCdf(statistic, k - 1) };
  const isAsLarge = (own: Float64Array): boolean => statisticOf(own) >= statistic * (1 - 1e-12);
  if (k === 2) return { statistic, p: exactShare(total, n, isAsLarge) };
  let asLarge = 1;
  for (let draw = 0; draw < PERMUTATIONS; draw++) if (isAsLarge(countOf(shuffle(n + m, random)))) asLarge++;
  return { statistic, p: asLarge / (PERMUTATIONS + 1) };
}

/** Of all ways to draw n rows from those of two labels, the share that counts labels as asked: sums of hypergeometric probabilities. */
function exactShare(total: Float64Array, n: number, isCounted: (own: Float64Array) => boolean): number {
  const [a, b] = total as unknown as [number, number]; // two labels
  const ways = (of: number, k: number): number => logGamma(of + 1) - logGamma(k + 1) - logGamma(of - k + 1);
  let share = 0;
  for (let x = Math.max(0, n - b); x <= Math.min(n, a); x++) {
    if (isCounted(Float64Array.of(x, n - x))) share += Math.exp(ways(a, x) + ways(b, n - x) - ways(a + b, n));
  }
  return Math.min(1, share);
}

/**
 * p-values adjusted for how many there are, by Benjamini & Hochberg: those at most q make a list of which a share of q is expected
 * to be false.
 *
 * @see Benjamini & Hochberg, J. R. Stat. Soc. B 57, 289 (1995), doi:10.1111/j.2517-6161.1995.tb02031.x
 */
export function adjustForMany(p: readonly number[]): number[] {
  const order = Array.from(p.keys()).sort((a, b) => (p[b] as number) - (p[a] as number)); // falling
  const adjusted = new Array<number>(p.length).fill(1);
  let least = 1;
  for (const [at, i] of order.entries()) {
    least = Math.min(least, ((p[i] as number) * p.length) / (p.length - at)); // i < length
    adjusted[i] = least;
  }
  return adjusted;
}
