import { solveTriangle } from "../../kernels/solveTriangle.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { type CholeskyFactor, type CholeskyOptions, cholesky } from "./cholesky.ts";
import { linalgEngine } from "./linalgEngine.ts";
import { requireRightHandSide, requireSquare } from "./requireMatrix.ts";

/**
 * Solves A X = B given the Cholesky factor of A.
 *
 * @param factor from {@link cholesky}; with jitter ε the system solved is (A + ε I) X = B
 * @param b vector of length n, or shape [n, m]
 * @returns X, of the kind and shape of `b`
 * @throws ShapeError if `b` has not n rows
 * @throws DomainError if a number in `b` is NaN or infinite
 * @example
 * const factor = cholesky(createMatrix(2, 2, Float64Array.of(4, 2, 2, 3)));
 * choleskySolve(factor, Float64Array.of(8, 8)); // Float64Array [ 1, 2 ], but for rounding
 */
export function choleskySolve(factor: CholeskyFactor, b: Float64Array): Float64Array;
export function choleskySolve(factor: CholeskyFactor, b: Matrix): Matrix;
export function choleskySolve(factor: CholeskyFactor, b: Matrix | Float64Array): Matrix | Float64Array {
  const { data: l, rows: n } = requireSquare("choleskySolve", "factor.lower", factor.lower);
  requireRightHandSide("choleskySolve", n, b);
  if (b instanceof Float64Array) {
    const x = b.slice();
    solveTriangle(n, l, false, false, false, x);
    solveTriangle(n, l, false, true, false, x);
    return x;
  }
  const m = b.columns;
  const data = linalgEngine.use("choleskySolve", [n * n, n * m], (wasm, [pl = 0, pb = 0], view) => {
    view(pl, n * n).set(l);
    const out = view(pb, n * m);
    out.set(b.data);
    wasm.solveLeft(n, m, pl, n, 1, 0, 0, pb, m);
    wasm.solveLeft(n, m, pl, 1, n, 1, 0, pb, m);
    return new Float64Array(out);
  });
  return { data, rows: n, columns: m };
}

/**
 * Inverse of A given its Cholesky factor, A⁻¹ = L⁻ᵀ L⁻¹, exactly symmetric. To solve systems, {@link choleskySolve} is
 * faster and more accurate.
 *
 * @example
 * choleskyInverse(cholesky(createMatrix(1, 1, Float64Array.of(4)))).data; // Float64Array [ 0.25 ]
 */
export function choleskyInverse(factor: CholeskyFactor): Matrix {
  const { data: l, rows: n } = requireSquare("choleskyInverse", "factor.lower", factor.lower);
  const data = linalgEngine.use("choleskyInverse", [n * n, n * n], (wasm, [pl = 0, pc = 0], view) => {
    view(pl, n * n).set(l);
    wasm.invertLower(n, pl, n, pc);
    const out = view(pc, n * n).fill(0);
    wasm.lowerGram(n, pl, n, pc);
    wasm.mirrorLower(n, pc);
    return new Float64Array(out);
  });
  return { data, rows: n, columns: n };
}

/**
 * Natural logarithm of det A given its Cholesky factor, 2 Σ ln Lᵢᵢ; neither overflows nor underflows.
 *
 * @example
 * choleskyLogDeterminant(cholesky(createMatrix(1, 1, Float64Array.of(4)))); // ln 4
 */
export function choleskyLogDeterminant(factor: CholeskyFactor): number {
  const { data: l, rows: n } = requireSquare("choleskyLogDeterminant", "factor.lower", factor.lower);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * n + i] ?? Number.NaN); // i < n
  return 2 * sum;
}

/**
 * Solves A X = B for a symmetric positive definite A, of which only the lower triangle is read.
 *
 * @throws DataError if `a` is not positive definite
 * @example
 * solvePositiveDefinite(createMatrix(2, 2, Float64Array.of(4, 2, 2, 3)), Float64Array.of(8, 8)); // [ 1, 2 ]
 */
export function solvePositiveDefinite(a: Matrix, b: Float64Array, options?: CholeskyOptions): Float64Array;
export function solvePositiveDefinite(a: Matrix, b: Matrix, options?: CholeskyOptions): Matrix;
export function solvePositiveDefinite(
  a: Matrix,
  b: Matrix | Float64Array,
  options: CholeskyOptions = {},
): Matrix | Float64Array {
  requireRightHandSide("solvePositiveDefinite", a.rows, b);
  const factor = cholesky(a, options);
  return b instanceof Float64Array ? choleskySolve(factor, b) : choleskySolve(factor, b);
}
