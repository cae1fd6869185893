import { ShapeError } from "../errors/errors.ts";

/** Dense matrix, row-major: element (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** What one column of a feature matrix is: its name, its unit ("" where it has none) and the table columns it came from. */
export interface Feature {
  readonly name: string;
  readonly unit: string;
  readonly source: readonly string[];
}

/** Matrix whose columns are named; NaN marks a missing value. Shape [nSamples, nFeatures]. */
export interface FeatureMatrix extends Matrix {
  readonly features: readonly Feature[];
}

/**
 * Wraps row-major data as a matrix.
 *
 * @throws ShapeError if `data.length` is not `rows * columns`
 * @example
 * const m = createMatrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6));
 */
export function createMatrix(
  rows: number,
  columns: number,
  data: Float64Array = new Float64Array(rows * columns),
): Matrix {
  if (data.length !== rows * columns) {
    throw new ShapeError(`createMatrix: ${rows} × ${columns} needs ${rows * columns} numbers, got ${data.length}`);
  }
  return { data, rows, columns };
}

/** Rows of a matrix in the given order (repeats allowed), as a new matrix. */
export function takeRows<M extends Matrix>(matrix: M, rows: ArrayLike<number>): M {
  const { columns, data } = matrix;
  const out = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number; // i < rows.length
    if (!(row >= 0 && row < matrix.rows)) {
      throw new ShapeError(`takeRows: row ${row} of a matrix with ${matrix.rows} rows`);
    }
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return { ...matrix, data: out, rows: rows.length };
}
