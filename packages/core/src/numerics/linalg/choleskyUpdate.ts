import { DataError, ShapeError } from "../../errors/errors.ts";
import { choleskyRankOneDowndate, choleskyRankOneUpdate } from "../../kernels/choleskyRankOne.ts";
import { solveTriangle } from "../../kernels/solveTriangle.ts";
import type { CholeskyFactor } from "./cholesky.ts";
import { requireFiniteVector, requireSquare, shapeText } from "./requireMatrix.ts";

/**
 * Cholesky factor of A + x xᵀ from that of A, in n² steps instead of n³.
 *
 * @param factor of A, shape [n, n]; it stays as it is
 * @param x length n
 * @throws ShapeError if `x` has not n numbers
 * @throws DomainError if a number in `x` is NaN or infinite
 * @see Gill, Golub, Murray and Saunders, doi:10.1090/S0025-5718-1974-0343558-6
 * @example
 * const factor = cholesky(createMatrix(1, 1, Float64Array.of(9)));
 * choleskyUpdate(factor, Float64Array.of(4)).lower.data; // Float64Array [ 5 ]
 */
export function choleskyUpdate(factor: CholeskyFactor, x: Float64Array): CholeskyFactor {
  const n = orderOf("choleskyUpdate", factor, x);
  const data = factor.lower.data.slice();
  choleskyRankOneUpdate(n, data, x.slice(), new Float64Array(n), new Float64Array(n));
  return { ...factor, lower: { data, rows: n, columns: n } };
}

/**
 * Cholesky factor of A − x xᵀ from that of A, in n² steps. Where A − x xᵀ is close to singular the result loses digits
 * that only a new factorisation would keep.
 *
 * @param factor of A, shape [n, n]; it stays as it is
 * @param x length n
 * @throws ShapeError if `x` has not n numbers
 * @throws DomainError if a number in `x` is NaN or infinite
 * @throws DataError if A − x xᵀ is not positive definite
 * @see Gill, Golub, Murray and Saunders, doi:10.1090/S0025-5718-1974-0343558-6
 * @example
 * const factor = cholesky(createMatrix(1, 1, Float64Array.of(25)));
 * choleskyDowndate(factor, Float64Array.of(4)).lower.data; // Float64Array [ 3 ]
 */
export function choleskyDowndate(factor: CholeskyFactor, x: Float64Array): CholeskyFactor {
  const n = orderOf("choleskyDowndate", factor, x);
  const data = factor.lower.data.slice();
  const p = x.slice();
  solveTriangle(n, data, false, false, false, p);
  if (choleskyRankOneDowndate(n, data, p, new Float64Array(n), new Float64Array(n)) !== 0) {
    const size = p.reduce((sum, value) => sum + value * value, 0);
    throw new DataError(
      `choleskyDowndate: A − x xᵀ is not positive definite: xᵀ A⁻¹ x is ${size.toPrecision(6)}, it must be below 1`,
    );
  }
  return { ...factor, lower: { data, rows: n, columns: n } };
}

function orderOf(who: string, factor: CholeskyFactor, x: Float64Array): number {
  const { lower } = factor;
  requireSquare(who, "factor.lower", lower);
  if (x.length !== lower.rows) {
    throw new ShapeError(`${who}: the factor is ${shapeText(lower)}, x has ${x.length} numbers`);
  }
  requireFiniteVector(who, "x", x);
  return lower.rows;
}
