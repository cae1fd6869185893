import type { Column } from "./column.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";
import { takeTableRows } from "./takeTableRows.ts";

/** A column to sort by, from small to large unless `descending`. */
export type SortKey = string | { readonly column: string; readonly descending?: boolean | undefined };

/**
 * Rows in the order of one or more columns: numbers by size, texts and categories by character code (the same on every
 * machine). Stable; missing values come last either way.
 *
 * @throws DataError naming the nearest columns if one does not exist
 * @example
 * sortRows(table, ["heat", { column: "Yield strength", descending: true }]);
 */
export function sortRows(table: Table, by: readonly SortKey[]): Table {
  const keys = by.map((key) => {
    const { column, descending } = typeof key === "string" ? { column: key, descending: false } : key;
    return { ranks: ranksOf(resolveColumn(table, column)), sign: descending === true ? -1 : 1 };
  });
  const rows = Array.from({ length: table.nRows }, (_, i) => i);
  rows.sort((a, b) => {
    for (const { ranks, sign } of keys) {
      const x = ranks[a] ?? Number.NaN;
      const y = ranks[b] ?? Number.NaN;
      if (x === y) continue;
      const xMissing = Number.isNaN(x);
      const yMissing = Number.isNaN(y);
      if (xMissing && yMissing) continue;
      if (xMissing) return 1;
      if (yMissing) return -1;
      return x < y ? -sign : sign;
    }
    return a - b;
  });
  return takeTableRows(table, rows);
}

/** Numbers that sort as the column does; NaN for missing. */
function ranksOf(column: Column): Float64Array {
  if (column.kind === "number") {
    return column.values.map((value, i) => (column.valid[i] === 0 ? Number.NaN : value));
  }
  const texts = column.kind === "category" ? column.labels : [...new Set(column.texts)];
  const present = texts.filter((text) => text !== undefined);
  const rank = new Map([...present].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map((text, i) => [text, i]));
  if (column.kind === "category") {
    return Float64Array.from(column.codes, (code) => rank.get(column.labels[code] ?? "") ?? Number.NaN);
  }
  return Float64Array.from(column.texts, (text) => (text === undefined ? Number.NaN : (rank.get(text) ?? Number.NaN)));
}
