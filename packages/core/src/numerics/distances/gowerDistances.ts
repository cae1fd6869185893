import { ShapeError } from "../../errors/errors.ts";
import { crossGower } from "../../kernels/crossDistances.ts";
import { createMatrix, type Matrix } from "../../matrix/matrix.ts";
import { requireColumns } from "./distanceMatrix.ts";

export interface GowerDistancesOptions {
  /** Which columns hold codes of categories, compared for equality. @defaultValue none */
  readonly isCategory?: ArrayLike<boolean> | undefined;
  /** Range of each numeric column. @defaultValue its range over `b` */
  readonly ranges?: ArrayLike<number> | undefined;
}

/**
 * Gower's distances of the rows of `a` to the rows of `b`, for numbers and categories mixed, shape [a.rows, b.rows]: the mean
 * of |x − y| / range and of x ≠ y over the columns that are present (not NaN) in both rows. NaN where none is.
 *
 * In [0, 1] for rows within the ranges; a numeric column of range 0 counts any difference as 1.
 *
 * @throws ShapeError if numbers of columns differ
 * @see J. C. Gower, Biometrics 27, 857 (1971), doi:10.2307/2528823
 * @example
 * const training = createMatrix(2, 2, Float64Array.of(20, 0, 60, 1)); // a number, the code of a category
 * const asked = createMatrix(1, 2, Float64Array.of(30, 1));
 * gowerDistances(asked, training, { isCategory: [false, true] }).data; // Float64Array [ 0.625, 0.375 ]
 */
export function gowerDistances(a: Matrix, b: Matrix, options: GowerDistancesOptions = {}): Matrix {
  requireColumns("gowerDistances", a, b);
  const d = a.columns;
  for (const [name, given] of Object.entries(options) as [string, ArrayLike<unknown> | undefined][]) {
    if (given !== undefined && given.length !== d) {
      throw new ShapeError(`gowerDistances: ${d} columns need ${d} values of ${name}, got ${given.length}`);
    }
  }
  const isCategory = Uint8Array.from({ length: d }, (_, f) => (options.isCategory?.[f] === true ? 1 : 0));
  const ranges = options.ranges === undefined ? rangesOf(b) : Float64Array.from(options.ranges);
  const out = createMatrix(a.rows, b.rows);
  crossGower(a.rows, b.rows, d, a.data, b.data, ranges, isCategory, out.data);
  return out;
}

function rangesOf({ rows, columns, data }: Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, f) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      const x = data[i * columns + f] as number; // f < columns
      if (x < low) low = x;
      if (x > high) high = x;
    }
    return high > low ? high - low : 0;
  });
}
