/*
 * Sums over the pairs of n values, packed by rows of the lower triangle: pair (i, j ≤ i) is at i (i + 1) / 2 + j.
 */

/** Adds x_i x_j of the n values that start at `from`. */
export function addPairProducts(n: number, from: number, x: Float64Array, out: Float64Array): void {
  let at = 0;
  for (let i = 0; i < n; i++) {
    const own = x[from + i];
    for (let j = 0; j <= i; j++) out[at++] += own * x[from + j];
  }
}

/** Adds factor · the first `count` pairs of row `count − 1` to `out`. */
export function addPairRow(count: number, factor: number, pairs: Float64Array, out: Float64Array): void {
  const at = (count * (count - 1)) / 2;
  for (let j = 0; j < count; j++) out[j] += factor * pairs[at + j];
}

/** Σ_j w_j · pair (count − 1, j). */
export function weightedPairRow(count: number, pairs: Float64Array, weights: Float64Array): number {
  const at = (count * (count - 1)) / 2;
  let sum = 0;
  for (let j = 0; j < count; j++) sum += weights[j] * pairs[at + j];
  return sum;
}
