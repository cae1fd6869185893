import { DataError } from "../../errors/errors.ts";
import { estimateInverseNorm } from "../../kernels/estimateInverseNorm.ts";
import { solveTriangle } from "../../kernels/solveTriangle.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { linalgEngine } from "./linalgEngine.ts";
import { requireFinite, requireRightHandSide, requireSquare } from "./requireMatrix.ts";

/** P A = L U. */
export interface LuFactors {
  /** L below the diagonal (its own diagonal being ones) and U on and above it, shape [n, n]. */
  readonly lu: Matrix;
  /** Row i of P A is row `permutation[i]` of A. */
  readonly permutation: Int32Array;
  /** Estimate of ‖ |A⁻¹| |A| ‖∞ (Skeel), from below and mostly exact: relative errors in A reach x times this. */
  readonly conditionEstimate: number;
}

/**
 * LU factors of a square matrix, with partial pivoting.
 *
 * @param a shape [n, n]
 * @throws ShapeError if `a` is not square
 * @throws DomainError if a number is NaN or infinite, or more than 4 GiB would be needed
 * @throws DataError if `a` is singular: a pivot is zero (names its column), or the condition estimate exceeds 2⁵²
 * @see Toledo, doi:10.1137/S0895479896297744; Hager, doi:10.1137/0905023, for the condition
 * @example
 * const factors = lu(createMatrix(2, 2, Float64Array.of(0, 1, 2, 0)));
 * factors.permutation; // Int32Array [ 1, 0 ]
 */
export function lu(a: Matrix): LuFactors {
  const n = requireSquare("lu", "a", a).rows;
  requireFinite("lu", "a", a);
  const permutation = Int32Array.from({ length: n }, (_, i) => i);
  const data = linalgEngine.use("lu", [n * n, Math.ceil(n / 2)], (wasm, [address = 0, pivots = 0], view) => {
    const out = view(address, n * n);
    out.set(a.data);
    const failedAt = wasm.lu(n, address, pivots);
    if (failedAt !== 0) {
      throw new DataError(
        `lu: the ${n} × ${n} matrix is singular: no pivot for column ${failedAt - 1} (counted from 0), ` +
          "which depends on the columns before it",
      );
    }
    const exchanged = new Int32Array(view(pivots, Math.ceil(n / 2)).buffer, pivots, n);
    for (const [j, other] of exchanged.entries()) {
      const kept = permutation[j] as number; // j < n
      permutation[j] = permutation[other] as number; // pivots are rows
      permutation[other] = kept;
    }
    return new Float64Array(out);
  });
  const conditionEstimate = estimateInverseNorm(n, data, permutation, absoluteRowSums(a));
  if (!(conditionEstimate <= 2 ** 52)) {
    throw new DataError(
      `lu: the ${n} × ${n} matrix is singular to working precision: its condition is about ` +
        `${conditionEstimate.toPrecision(2)}, above 2⁵²; rows or columns depend on each other`,
    );
  }
  return { lu: { data, rows: n, columns: n }, permutation, conditionEstimate };
}

/**
 * Solves A X = B given the LU factors of A.
 *
 * @param b vector of length n, or shape [n, m]
 * @returns X, of the kind and shape of `b`
 * @throws ShapeError if `b` has not n rows
 * @throws DomainError if a number in `b` is NaN or infinite
 * @example
 * luSolve(lu(createMatrix(2, 2, Float64Array.of(0, 1, 2, 0))), Float64Array.of(3, 4)); // Float64Array [ 2, 3 ]
 */
export function luSolve(factors: LuFactors, b: Float64Array): Float64Array;
export function luSolve(factors: LuFactors, b: Matrix): Matrix;
export function luSolve(factors: LuFactors, b: Matrix | Float64Array): Matrix | Float64Array {
  const { data: t, rows: n } = requireSquare("luSolve", "factors.lu", factors.lu);
  requireRightHandSide("luSolve", n, b);
  const { permutation } = factors;
  if (b instanceof Float64Array) {
    const x = Float64Array.from(permutation, (row) => b[row] as number); // a permutation of its rows
    solveTriangle(n, t, false, false, true, x);
    solveTriangle(n, t, true, false, false, x);
    return x;
  }
  const m = b.columns;
  const data = linalgEngine.use("luSolve", [n * n, n * m], (wasm, [pt = 0, pb = 0], view) => {
    view(pt, n * n).set(t);
    const out = view(pb, n * m);
    for (const [i, row] of permutation.entries()) out.set(b.data.subarray(row * m, (row + 1) * m), i * m);
    wasm.solveLeft(n, m, pt, n, 1, 0, 1, pb, m);
    wasm.solveLeft(n, m, pt, n, 1, 1, 0, pb, m);
    return new Float64Array(out);
  });
  return { data, rows: n, columns: m };
}

/**
 * Solves A X = B for a general square A, by {@link lu}. For symmetric positive definite matrices
 * `solvePositiveDefinite` takes half the work.
 *
 * @example
 * solveLinear(createMatrix(2, 2, Float64Array.of(0, 1, 2, 0)), Float64Array.of(3, 4)); // Float64Array [ 2, 3 ]
 */
export function solveLinear(a: Matrix, b: Float64Array): Float64Array;
export function solveLinear(a: Matrix, b: Matrix): Matrix;
export function solveLinear(a: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  requireRightHandSide("solveLinear", a.rows, b);
  const factors = lu(a);
  return b instanceof Float64Array ? luSolve(factors, b) : luSolve(factors, b);
}

function absoluteRowSums({ data, rows, columns }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += Math.abs(data[i * columns + j] ?? 0); // inside the row
    return sum;
  });
}
