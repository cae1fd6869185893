import { ShapeError } from "../errors/errors.ts";
import { type Column, columnLength } from "./column.ts";
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

/**
 * Adds a column, or puts it in the place of the one of the same name.
 *
 * @throws ShapeError if its length is not that of the table
 * @example
 * deriveColumn(table, createNumberColumn("rate", rates, { role: "process", unit: "K/s" }));
 */
export function deriveColumn(table: Table, column: Column): Table {
  if (table.columns.length > 0 && columnLength(column) !== table.nRows) {
    throw new ShapeError(
      `deriveColumn: "${column.name}" has ${columnLength(column)} values, the table has ${table.nRows} rows`,
    );
  }
  const columns = table.has(column.name)
    ? table.columns.map((old) => (old.name === column.name ? column : old))
    : [...table.columns, column];
  return new Table(columns, table.source, table.rowNumbers);
}
