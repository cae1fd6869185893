import type { FeatureMatrix } from "@materiome/core";

/** A feature matrix of rows, for tests; null is missing. */
export function matrixOf(
  rows: readonly (readonly (number | null)[])[],
  names: readonly string[] = (rows[0] ?? []).map((_, k) => `x${k}`),
  units: readonly string[] = names.map(() => ""),
): FeatureMatrix {
  return {
    rows: rows.length,
    columns: names.length,
    data: Float64Array.from(rows.flat(), (value) => value ?? Number.NaN),
    features: names.map((name, k) => ({ name, unit: units[k] ?? "", source: [name] })),
  };
}

/** Largest absolute difference; missing beside missing counts as 0, beside a number as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const d = Math.abs(a[i] - b[i]);
    most = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(most, d);
  }
  return most;
}

export const bits = (data: Float64Array): BigUint64Array => new BigUint64Array(data.slice().buffer);
