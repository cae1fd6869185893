/** Columns first … first + count − 1 of a row-major matrix, each contiguous: together, as they lie in the same cache lines. */
export function takeColumns(
  n: number,
  d: number,
  first: number,
  count: number,
  data: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const at = i * d + first;
    for (let k = 0; k < count; k++) out[k * n + i] = data[at + k];
  }
}
