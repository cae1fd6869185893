import { DomainError, ShapeError } from "../../errors/errors.ts";
import { firstNonFinite } from "../../kernels/firstNonFinite.ts";
import type { Matrix } from "../../matrix/matrix.ts";

/** "3 × 4", as messages write the shape of a matrix. */
export function shapeText(matrix: Matrix): string {
  return `${matrix.rows} × ${matrix.columns}`;
}

/** Refuses NaN and infinity, naming where they stand; rows and columns count from 0, as in `data[i * columns + j]`. */
export function requireFinite(who: string, name: string, matrix: Matrix): void {
  const { data, rows, columns } = matrix;
  if (data.length !== rows * columns) {
    throw new ShapeError(
      `${who}: ${name} says ${shapeText(matrix)} but holds ${data.length} numbers, not ${rows * columns}`,
    );
  }
  refuse(who, name, columns, data, firstNonFinite(0, data.length, data));
}

/** As {@link requireFinite}, for the lower triangle only. */
export function requireFiniteLower(who: string, name: string, matrix: Matrix): void {
  const { data, columns } = requireSquare(who, name, matrix);
  for (let i = 0; i < columns; i++) {
    refuse(who, name, columns, data, firstNonFinite(i * columns, i * columns + i + 1, data));
  }
}

export function requireFiniteVector(who: string, name: string, values: Float64Array): void {
  const at = firstNonFinite(0, values.length, values);
  if (at >= 0) throw new DomainError(`${who}: ${name}[${at}] is ${values[at]}; expected finite numbers`);
}

export function requireSquare(who: string, name: string, matrix: Matrix): Matrix {
  const { rows, columns, data } = matrix;
  if (rows !== columns || data.length !== rows * columns) {
    throw new ShapeError(`${who}: ${name} must be square, got ${shapeText(matrix)} with ${data.length} numbers`);
  }
  return matrix;
}

/** A right-hand side: a vector, or a matrix with one column for each. */
export function requireRightHandSide(who: string, order: number, b: Matrix | Float64Array): void {
  if (b instanceof Float64Array) {
    if (b.length !== order) throw new ShapeError(`${who}: matrix is ${order} × ${order}, b has ${b.length} numbers`);
    requireFiniteVector(who, "b", b);
    return;
  }
  if (b.rows !== order) throw new ShapeError(`${who}: matrix is ${order} × ${order}, b is ${shapeText(b)}`);
  requireFinite(who, "b", b);
}

function refuse(who: string, name: string, columns: number, data: Float64Array, at: number): void {
  if (at < 0) return;
  const row = Math.floor(at / columns);
  const where = `row ${row}, column ${at - row * columns} (counted from 0)`;
  throw new DomainError(`${who}: ${name} is ${data[at]} at ${where}; expected finite numbers`);
}
