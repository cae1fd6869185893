import { quantileSorted } from "../statistics/quantile.ts";

/** Middle value of at least one. */
export function median(values: ArrayLike<number>): number {
  return quantileSorted(Float64Array.from(values).sort(), 0.5);
}

/**
 * Standard deviation of readings about a smooth course: 1.4826 · median |d| / √6 of the second differences d of evenly
 * spaced triples, which a ramp does not disturb; 0 if there are none.
 */
export function noiseOf(times: ArrayLike<number>, values: ArrayLike<number>): number {
  const differences: number[] = [];
  for (let i = 2; i < values.length; i++) {
    const [ta, tb, tc] = [times[i - 2] ?? 0, times[i - 1] ?? 0, times[i] ?? 0];
    const [a, b, c] = [values[i - 2] ?? 0, values[i - 1] ?? 0, values[i] ?? 0];
    if (Math.abs(tc - tb - (tb - ta)) <= 0.01 * (tc - ta)) differences.push(Math.abs(a - 2 * b + c));
  }
  return differences.length === 0 ? 0 : (1.4826 * median(differences)) / Math.sqrt(6);
}
