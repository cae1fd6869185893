import { DomainError, ShapeError } from "../../errors/errors.ts";
import { crossEuclidean, crossManhattan, whitenRows } from "../../kernels/crossDistances.ts";
import { createMatrix, type Matrix } from "../../matrix/matrix.ts";

export interface DistanceMatrixOptions {
  /** @defaultValue "euclidean" */
  readonly metric?: "euclidean" | "squaredEuclidean" | "manhattan" | "mahalanobis" | undefined;
  /** Lower Cholesky factor L of the covariance, for "mahalanobis": √((x − y)ᵀ (L Lᵀ)⁻¹ (x − y)). */
  readonly lower?: Matrix | undefined;
}

/**
 * Distances of the rows of `a` to the rows of `b`, shape [a.rows, b.rows]; with `a` twice, all pairs. Differences are taken
 * before they are squared, so near points keep their digits. NaN in a row makes its distances NaN.
 *
 * @throws ShapeError if the columns differ, or the factor is not d × d
 * @throws DomainError for "mahalanobis" without a factor, or one whose diagonal is not above 0
 * @example
 * const points = createMatrix(2, 2, Float64Array.of(0, 0, 3, 4));
 * distanceMatrix(points, points).data; // Float64Array [ 0, 5, 5, 0 ]
 */
export function distanceMatrix(a: Matrix, b: Matrix, options: DistanceMatrixOptions = {}): Matrix {
  const { metric = "euclidean", lower } = options;
  requireColumns("distanceMatrix", a, b);
  const out = createMatrix(a.rows, b.rows);
  if (metric === "manhattan") {
    crossManhattan(a.rows, b.rows, a.columns, a.data, b.data, out.data);
    return out;
  }
  const [left, right] = metric === "mahalanobis" ? [whiten(a, lower), whiten(b, lower)] : [a.data, b.data];
  crossEuclidean(a.rows, b.rows, a.columns, left, right, metric === "squaredEuclidean", out.data);
  return out;
}

function whiten(x: Matrix, lower: Matrix | undefined): Float64Array {
  if (lower === undefined) {
    throw new DomainError("distanceMatrix: metric mahalanobis needs `lower`, the Cholesky factor of the covariance");
  }
  const d = x.columns;
  if (lower.rows !== d || lower.columns !== d) {
    throw new ShapeError(
      `distanceMatrix: ${d} columns need a ${d} × ${d} factor, got ${lower.rows} × ${lower.columns}`,
    );
  }
  for (let i = 0; i < d; i++) {
    const pivot = lower.data[i * d + i] as number; // i < d
    if (!(pivot > 0))
      throw new DomainError(`distanceMatrix: diagonal ${i} of the factor must be above 0, got ${pivot}`);
  }
  const out = new Float64Array(x.data.length);
  whitenRows(x.rows, d, lower.data, x.data, out);
  return out;
}

/** @throws ShapeError unless both have the same number of columns */
export function requireColumns(name: string, a: Matrix, b: Matrix): void {
  if (a.columns !== b.columns) {
    throw new ShapeError(`${name}: rows of ${a.columns} and of ${b.columns} columns have no distance`);
  }
}
