import type { Matrix } from "../../matrix/matrix.ts";
import { linalgEngine } from "./linalgEngine.ts";
import { requireFinite } from "./requireMatrix.ts";

export interface GramMatrixOptions {
  /** Products of rows, A Aᵀ, in place of products of columns, Aᵀ A. @defaultValue false */
  readonly ofRows?: boolean | undefined;
}

/**
 * Symmetric product Aᵀ A (or A Aᵀ with `ofRows`); half the work of a general product, and exactly symmetric.
 *
 * @param a shape [rows, columns]
 * @returns shape [columns, columns], or [rows, rows] with `ofRows`
 * @throws DomainError if a number is NaN or infinite, or more than 4 GiB would be needed
 * @example
 * gramMatrix(createMatrix(2, 1, Float64Array.of(3, 4))).data; // Float64Array [ 25 ]
 */
export function gramMatrix(a: Matrix, options: GramMatrixOptions = {}): Matrix {
  const { ofRows = false } = options;
  requireFinite("gramMatrix", "a", a);
  const { rows, columns } = a;
  const [n, k] = ofRows ? [rows, columns] : [columns, rows];
  const [outer, inner] = ofRows ? [columns, 1] : [1, columns];
  const data = linalgEngine.use("gramMatrix", [n * k, n * n], (wasm, [pa = 0, pc = 0], view) => {
    view(pa, n * k).set(a.data);
    const out = view(pc, n * n).fill(0);
    wasm.product(n, n, k, 1, pa, outer, inner, pa, inner, outer, pc, n, 1);
    wasm.mirrorLower(n, pc);
    return new Float64Array(out);
  });
  return { data, rows: n, columns: n };
}
