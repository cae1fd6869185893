import { DataError } from "../../errors/errors.ts";
import { solveTriangle } from "../../kernels/solveTriangle.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { linalgEngine } from "./linalgEngine.ts";
import { requireFinite, requireRightHandSide, requireSquare } from "./requireMatrix.ts";

export interface SolveTriangularOptions {
  /** T is upper triangular in place of lower. @defaultValue false */
  readonly isUpper?: boolean | undefined;
  /** Solves Tᵀ X = B. @defaultValue false */
  readonly isTransposed?: boolean | undefined;
  /** Takes the diagonal of T as ones, whatever it holds. @defaultValue false */
  readonly hasUnitDiagonal?: boolean | undefined;
}

/**
 * Solves T X = B (or Tᵀ X = B) for a triangular T, of which the other triangle is not used.
 *
 * @param t lower (or upper) triangular, shape [n, n]
 * @param b vector of length n, or shape [n, m]
 * @returns X, of the kind and shape of `b`
 * @throws ShapeError if the shapes do not fit together
 * @throws DomainError if a number is NaN or infinite
 * @throws DataError if a diagonal element is zero; names its row
 * @example
 * const t = createMatrix(2, 2, Float64Array.of(2, 0, 1, 4));
 * solveTriangular(t, Float64Array.of(2, 9)); // Float64Array [ 1, 2 ]
 */
export function solveTriangular(t: Matrix, b: Float64Array, options?: SolveTriangularOptions): Float64Array;
export function solveTriangular(t: Matrix, b: Matrix, options?: SolveTriangularOptions): Matrix;
export function solveTriangular(
  t: Matrix,
  b: Matrix | Float64Array,
  options: SolveTriangularOptions = {},
): Matrix | Float64Array {
  const { isUpper = false, isTransposed = false, hasUnitDiagonal = false } = options;
  const who = "solveTriangular";
  const n = requireSquare(who, "t", t).rows;
  requireFinite(who, "t", t);
  requireRightHandSide(who, n, b);
  for (let i = 0; i < n && !hasUnitDiagonal; i++) {
    if (t.data[i * n + i] === 0) {
      throw new DataError(`${who}: t is singular: its diagonal is zero in row ${i} (counted from 0)`);
    }
  }
  if (b instanceof Float64Array) {
    const x = b.slice();
    solveTriangle(n, t.data, isUpper, isTransposed, hasUnitDiagonal, x);
    return x;
  }
  const m = b.columns;
  const [tRow, tColumn] = isTransposed ? [1, n] : [n, 1];
  const data = linalgEngine.use(who, [n * n, n * m], (wasm, [pt = 0, pb = 0], view) => {
    view(pt, n * n).set(t.data);
    const out = view(pb, n * m);
    out.set(b.data);
    wasm.solveLeft(n, m, pt, tRow, tColumn, Number(isUpper !== isTransposed), Number(hasUnitDiagonal), pb, m);
    return new Float64Array(out);
  });
  return { data, rows: n, columns: m };
}
