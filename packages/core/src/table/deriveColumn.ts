import { DataError, ShapeError } from "../errors/errors.ts";
import { type Column, columnLength } from "./column.ts";
import { type CreateColumnOptions, createNumberColumn } from "./columns.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";

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

/**
 * Adds a column of numbers that follow, row by row, from numbers of other columns. Where one of them is missing the result
 * is missing; a result that is not finite is an error, not a missing value.
 *
 * @param from - names or headers of number columns, whose values `formula` gets in this order
 * @throws DataError if a column does not exist or is not numeric, or naming the rows where the result is NaN or infinite
 * @example
 * deriveNumbers(table, "VED", ["power", "speed", "hatch", "layer"], (p, v, h, t) => p / (v * h * t), {
 *   role: "process",
 *   unit: "J/mm3",
 * });
 */
export function deriveNumbers(
  table: Table,
  name: string,
  from: readonly string[],
  formula: (...values: number[]) => number,
  options: CreateColumnOptions,
): Table {
  const columns = from.map((column) => table.number(resolveColumn(table, column).name));
  const bad: number[] = [];
  const values = Float64Array.from({ length: table.nRows }, (_, i) => {
    if (columns.some((column) => column.valid[i] === 0)) return Number.NaN;
    const value = formula(...columns.map((column) => column.values[i] ?? Number.NaN));
    if (!Number.isFinite(value)) bad.push(i);
    return value;
  });
  const first = bad[0];
  if (first !== undefined) {
    const given = columns.map((column) => `${column.name} = ${column.values[first]}`).join(", ");
    const rows = bad.slice(0, 20).map((i) => table.rowNumber(i));
    const more = bad.length > rows.length ? ` and ${bad.length - rows.length} more` : "";
    throw new DataError(
      `deriveNumbers: "${name}" is ${values[first]} for ${given}; rows ${rows.join(", ")}${more}; filter these rows first`,
      { location: { file: table.source, row: table.rowNumber(first) } },
    );
  }
  return deriveColumn(table, createNumberColumn(name, values, options));
}
