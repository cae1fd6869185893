import type { Table } from "./table.ts";

/**
 * Index of the row that came from a row of the source file: the inverse of {@link Table.rowNumber}, the header being row 1.
 *
 * @returns the first such index (0-based); `undefined` if the table does not hold that row
 * @example
 * const i = rowAt(model.training, 17); // row 17 as a spreadsheet shows it
 */
export function rowAt(table: Table, fileRow: number): number | undefined {
  for (let i = 0; i < table.nRows; i++) if (table.rowNumber(i) === fileRow) return i;
  return undefined;
}
