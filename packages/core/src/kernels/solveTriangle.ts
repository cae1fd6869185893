/**
 * Solves T x = b or Tᵀ x = b in place for a row-major triangle of order n, along its rows. Diagonal elements must not be
 * zero.
 */
export function solveTriangle(
  n: number,
  t: Float64Array,
  isUpper: boolean,
  isTransposed: boolean,
  isUnit: boolean,
  x: Float64Array,
): void {
  const isForward = isUpper === isTransposed;
  for (let step = 0; step < n; step++) {
    const i = isForward ? step : n - 1 - step;
    const row = i * n;
    const from = isUpper ? i + 1 : 0;
    const to = isUpper ? n : i;
    if (isTransposed) {
      if (!isUnit) x[i] /= t[row + i];
      const value = x[i];
      for (let k = from; k < to; k++) x[k] -= t[row + k] * value;
    } else {
      // Four sums, or each addition would wait for the one before it.
      let s0 = x[i];
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let k = from;
      for (; k + 4 <= to; k += 4) {
        s0 -= t[row + k] * x[k];
        s1 += t[row + k + 1] * x[k + 1];
        s2 += t[row + k + 2] * x[k + 2];
        s3 += t[row + k + 3] * x[k + 3];
      }
      for (; k < to; k++) s0 -= t[row + k] * x[k];
      const sum = s0 - (s1 + (s2 + s3));
      x[i] = isUnit ? sum : sum / t[row + i];
    }
  }
}
