import type { Table } from "./table.ts";
import { takeTableRows } from "./takeTableRows.ts";

/**
 * The rows for which `keep` is true.
 *
 * @param keep - gets the row index (0-based)
 * @example
 * const hot = filterRows(table, (i) => temperature.values[i] > 800);
 */
export function filterRows(table: Table, keep: (row: number) => boolean): Table {
  const rows: number[] = [];
  for (let i = 0; i < table.nRows; i++) {
    if (keep(i)) rows.push(i);
  }
  return takeTableRows(table, rows);
}
