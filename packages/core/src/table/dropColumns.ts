import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";

/**
 * The table without the named columns (names or headers).
 *
 * @throws DataError naming the nearest columns if one does not exist
 * @example
 * dropColumns(table, ["REFERENCE: title"]);
 */
export function dropColumns(table: Table, names: readonly string[]): Table {
  const dropped = new Set(names.map((name) => resolveColumn(table, name).name));
  const columns = table.columns.filter((column) => !dropped.has(column.name));
  return new Table(columns, table.source, columns.length === 0 ? undefined : table.rowNumbers);
}
