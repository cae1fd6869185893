import { createMatrix, type Matrix } from "@materiome/core";

/** Lower triangle of a square matrix, row by row. */
export function packLower({ rows: n, data }: Matrix): Float64Array {
  const lower = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0; i < n; i++) lower.set(data.subarray(i * n, i * n + i + 1), (i * (i + 1)) / 2);
  return lower;
}

export function unpackLower(n: number, lower: Float64Array): Matrix {
  const matrix = createMatrix(n, n);
  for (let i = 0; i < n; i++) matrix.data.set(lower.subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2), i * n);
  return matrix;
}
