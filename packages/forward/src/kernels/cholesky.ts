/**
 * Inverse of a symmetric positive definite n × n matrix (row-major), in place, by Cholesky factorisation.
 *
 * @returns 0, or the 1-based index of a pivot that is not positive
 */
export function invertPositive(n: number, a: Float64Array): number {
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j];
    for (let k = 0; k < j; k++) pivot -= a[j * n + k] * a[j * n + k];
    if (!(pivot > 0)) return j + 1;
    const root = Math.sqrt(pivot);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = sum / root;
    }
  }
  // L⁻¹ in the lower triangle.
  for (let j = 0; j < n; j++) {
    a[j * n + j] = 1 / a[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= a[i * n + k] * a[k * n + j];
      a[i * n + j] = sum / a[i * n + i];
    }
  }
  // A⁻¹ = L⁻ᵀ L⁻¹.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += a[k * n + i] * a[k * n + j];
      a[i * n + j] = sum;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
  }
  return 0;
}

/** Aᵀ A (columns × columns) of a row-major matrix, both triangles. */
export function gram(rows: number, columns: number, a: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let r = 0; r < rows; r++) {
    const base = r * columns;
    for (let i = 0; i < columns; i++) {
      const value = a[base + i];
      if (value === 0) continue;
      const row = i * columns;
      for (let j = i; j < columns; j++) out[row + j] += value * a[base + j];
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < i; j++) out[i * columns + j] = out[j * columns + i];
  }
}

/** A Aᵀ (rows × rows) of a row-major matrix, both triangles. */
export function outerGram(rows: number, columns: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += a[i * columns + k] * a[j * columns + k];
      out[i * rows + j] = sum;
      out[j * rows + i] = sum;
    }
  }
}
