/*
 * Lower triangular factors packed row by row: element (i, j), j ≤ i, is l[i (i + 1) / 2 + j]. Right-hand sides are rows,
 * b[r * n + i]; four are solved at a time, each by the same sums as alone, so that a row's result does not depend on others.
 */

/** Solves L x = b in place for each of `nRows` rows. */
export function solvePackedLower(n: number, nRows: number, l: Float64Array, b: Float64Array): void {
  let r = 0;
  for (; r + 4 <= nRows; r += 4) {
    const b0 = r * n;
    const b1 = b0 + n;
    const b2 = b1 + n;
    const b3 = b2 + n;
    for (let i = 0, at = 0; i < n; i++) {
      let s0 = b[b0 + i];
      let s1 = b[b1 + i];
      let s2 = b[b2 + i];
      let s3 = b[b3 + i];
      for (let k = 0; k < i; k++, at++) {
        const value = l[at];
        s0 -= value * b[b0 + k];
        s1 -= value * b[b1 + k];
        s2 -= value * b[b2 + k];
        s3 -= value * b[b3 + k];
      }
      const pivot = l[at++];
      b[b0 + i] = s0 / pivot;
      b[b1 + i] = s1 / pivot;
      b[b2 + i] = s2 / pivot;
      b[b3 + i] = s3 / pivot;
    }
  }
  for (; r < nRows; r++) {
    const start = r * n;
    for (let i = 0, at = 0; i < n; i++) {
      let sum = b[start + i];
      for (let k = 0; k < i; k++, at++) sum -= l[at] * b[start + k];
      b[start + i] = sum / l[at++];
    }
  }
}

/** Solves Lᵀ x = b in place for each of `nRows` rows. */
export function solvePackedUpper(n: number, nRows: number, l: Float64Array, b: Float64Array): void {
  for (let r = 0; r < nRows; r++) {
    const start = r * n;
    for (let i = n - 1; i >= 0; i--) {
      const row = (i * (i + 1)) / 2;
      const value = b[start + i] / l[row + i];
      b[start + i] = value;
      for (let k = 0; k < i; k++) b[start + k] -= l[row + k] * value;
    }
  }
}
