import { DomainError, ShapeError } from "../../errors/errors.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { linalgEngine } from "./linalgEngine.ts";
import { requireFinite, shapeText } from "./requireMatrix.ts";

export interface MultiplyMatricesOptions {
  /** Uses Aᵀ. @defaultValue false */
  readonly isTransposedA?: boolean | undefined;
  /** Uses Bᵀ. @defaultValue false */
  readonly isTransposedB?: boolean | undefined;
  /** Factor of the product. @defaultValue 1 */
  readonly alpha?: number | undefined;
  /** Matrix to add, times `beta`. @defaultValue nothing is added */
  readonly c?: Matrix | undefined;
  /** Factor of `c`. @defaultValue 1 */
  readonly beta?: number | undefined;
}

/**
 * Product `alpha` · op(A) op(B) + `beta` · C of dense matrices, op being the matrix or its transpose; arguments stay as
 * they are. Rounding: |error| ≤ k · 2⁻⁵² · |alpha| |A| |B| for inner dimension k, the same bits on every machine.
 *
 * @param a shape [m, k], or [k, m] with `isTransposedA`
 * @param b shape [k, n], or [n, k] with `isTransposedB`
 * @returns shape [m, n]
 * @throws ShapeError if the shapes do not fit together
 * @throws DomainError if a number is NaN or infinite, or more than 4 GiB would be needed
 * @example
 * const a = createMatrix(1, 2, Float64Array.of(1, 2));
 * multiplyMatrices(a, a, { isTransposedB: true }).data; // Float64Array [ 5 ]
 */
export function multiplyMatrices(a: Matrix, b: Matrix, options: MultiplyMatricesOptions = {}): Matrix {
  const { isTransposedA = false, isTransposedB = false, alpha = 1, c, beta = 1 } = options;
  const who = "multiplyMatrices";
  const [m, k] = isTransposedA ? [a.columns, a.rows] : [a.rows, a.columns];
  const [depth, n] = isTransposedB ? [b.columns, b.rows] : [b.rows, b.columns];
  if (k !== depth) {
    const text = (matrix: Matrix, isTransposed: boolean): string =>
      `${shapeText(matrix)}${isTransposed ? " transposed" : ""}`;
    throw new ShapeError(`${who}: inner sizes differ: a is ${text(a, isTransposedA)}, b is ${text(b, isTransposedB)}`);
  }
  if (c !== undefined && (c.rows !== m || c.columns !== n)) {
    throw new ShapeError(`${who}: the product is ${m} × ${n}, c is ${shapeText(c)}`);
  }
  if (!Number.isFinite(alpha) || !Number.isFinite(beta)) {
    throw new DomainError(`${who}: alpha and beta must be finite, got ${alpha} and ${beta}`);
  }
  requireFinite(who, "a", a);
  requireFinite(who, "b", b);
  if (c !== undefined) requireFinite(who, "c", c);
  const data = linalgEngine.use(who, [m * k, k * n, m * n], (wasm, [pa = 0, pb = 0, pc = 0], view) => {
    view(pa, m * k).set(a.data);
    view(pb, k * n).set(b.data);
    const out = view(pc, m * n);
    if (c === undefined || beta === 0) out.fill(0);
    else for (let i = 0; i < out.length; i++) out[i] = beta * (c.data[i] ?? 0); // same length, checked above
    const [aRow, aColumn] = isTransposedA ? [1, m] : [k, 1];
    const [bRow, bColumn] = isTransposedB ? [1, k] : [n, 1];
    if (alpha !== 0) wasm.product(m, n, k, alpha, pa, aRow, aColumn, pb, bRow, bColumn, pc, n, 0);
    return new Float64Array(out);
  });
  return { data, rows: m, columns: n };
}
