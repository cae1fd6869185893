/**
 * One step of a pivoted Cholesky factorisation: row `m` of the factor `r` [m + 1, n] and the variances left. On entry
 * `r[m * n + j]` is the covariance of pivot row and row j, `left[j]` the variance of row j given the m pivots before.
 */
export function greedyRow(n: number, m: number, pivot: number, r: Float64Array, left: Float64Array): void {
  const at = m * n;
  let l = 0;
  for (; l + 4 <= m; l += 4) {
    const a0 = l * n;
    const a1 = a0 + n;
    const a2 = a1 + n;
    const a3 = a2 + n;
    const p0 = r[a0 + pivot];
    const p1 = r[a1 + pivot];
    const p2 = r[a2 + pivot];
    const p3 = r[a3 + pivot];
    for (let j = 0; j < n; j++) r[at + j] -= p0 * r[a0 + j] + p1 * r[a1 + j] + (p2 * r[a2 + j] + p3 * r[a3 + j]);
  }
  for (; l < m; l++) {
    const row = l * n;
    const p = r[row + pivot];
    for (let j = 0; j < n; j++) r[at + j] -= p * r[row + j];
  }
  const root = Math.sqrt(left[pivot]);
  for (let j = 0; j < n; j++) {
    const value = r[at + j] / root;
    r[at + j] = value;
    left[j] -= value * value;
  }
  left[pivot] = 0;
}
