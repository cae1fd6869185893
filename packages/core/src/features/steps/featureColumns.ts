import type { Matrix } from "../../matrix/matrix.ts";

/** Column k of a matrix, as a new array. */
export function columnOf({ data, rows, columns }: Matrix, k: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * columns + k] as number); // k < columns
}

/** Values of a column that are not missing. */
export function presentOf(x: Matrix, k: number): Float64Array {
  return columnOf(x, k).filter((value) => !Number.isNaN(value));
}

/** Mean; NaN of no values. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Standard deviation of the values as they are (divided by n). */
export function spreadOf(values: Float64Array): number {
  const mean = meanOf(values);
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return Math.sqrt(sum / values.length);
}
