import { DomainError, type Matrix, ShapeError } from "@materiome/core";

/**
 * Refuses outcome values that cannot be compared.
 *
 * @throws DomainError for NaN or infinite values, naming the first
 * @throws ShapeError if there is no column, or a reference point of another length
 */
export function checkOutcomes(who: string, values: Matrix, reference?: ArrayLike<number>): void {
  const { columns, data } = values;
  if (columns < 1) throw new ShapeError(`${who}: needs at least one objective (column), got none`);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DomainError(
      `${who}: values must be finite, got ${data[bad]} in row ${Math.floor(bad / columns)}, column ${bad % columns}; leave out rows that were not measured`,
    );
  }
  if (reference === undefined) return;
  if (reference.length !== columns) {
    throw new ShapeError(`${who}: the reference point has ${reference.length} numbers, the values ${columns} columns`);
  }
  for (let j = 0; j < reference.length; j++) {
    if (!Number.isFinite(reference[j])) {
      throw new DomainError(`${who}: the reference point must be finite, got ${reference[j]} for objective ${j}`);
    }
  }
}
