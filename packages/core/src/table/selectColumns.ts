import { Table } from "./table.ts";

/**
 * The named columns, in the order given, as a new table that shares their data.
 *
 * @throws DataError naming the nearest columns if one does not exist, or if one is named twice
 * @example
 * selectColumns(table, ["C", "Mn", "Hardness"]);
 */
export function selectColumns(table: Table, names: readonly string[]): Table {
  const columns = names.map((name) => table.column(name));
  return new Table(columns, table.source, columns.length === 0 ? undefined : table.rowNumbers);
}
