import { DataError, UnitError } from "../errors/errors.ts";
import { convertDifference, convertUnit, isConvertible } from "../units/convertUnit.ts";
import type { Column, NumberColumn } from "./column.ts";
import { type CreateColumnOptions, createCategoryColumn, createNumberColumn } from "./columns.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";
import { takeColumnRows } from "./takeTableRows.ts";

export interface MeltColumnsOptions {
  /** Number columns to put below each other (names or headers), each with the value of the new key column. */
  readonly columns: Readonly<Record<string, number | string>>;
  /** The new column that says which one a value came from: numbers (a test temperature) or texts. */
  readonly key: CreateColumnOptions & { readonly name: string };
  /** Name of the new column of values; role and unit are those of the first column. */
  readonly value: string;
  /** Leave out rows without a value. @defaultValue true */
  readonly dropMissing?: boolean | undefined;
}

/**
 * One row per sample and column, where a file has one row per sample: `YS at 25 °C`, `YS at 600 °C` become a column of
 * test temperatures and one of yield strengths. All other columns are repeated; rows keep the number of their file row.
 *
 * @throws DataError if a column does not exist or is not numeric, the keys mix numbers and texts, or a name is taken
 * @throws UnitError if the columns have units that do not convert
 * @example
 * meltColumns(table, {
 *   columns: { "YS at 25 °C": 25, "YS at 600 °C": 600 },
 *   key: { name: "test temperature", role: "condition", unit: "degC" },
 *   value: "YS",
 * });
 */
export function meltColumns(table: Table, options: MeltColumnsOptions): Table {
  const melted = Object.entries(options.columns).map(([name, key]) => ({
    column: table.number(resolveColumn(table, name).name),
    key,
  }));
  const lead = melted[0]?.column;
  if (lead === undefined) throw new DataError("meltColumns: name at least one column");
  const parts = melted.map(({ column }) => inUnitOf(table, column, lead));
  const picked: { readonly row: number; readonly part: number }[] = [];
  for (let row = 0; row < table.nRows; row++) {
    for (const [part, { valid }] of parts.entries()) {
      if (valid[row] !== 0 || options.dropMissing === false) picked.push({ row, part });
    }
  }
  const rows = Int32Array.from(picked, ({ row }) => row);
  const names = new Set(melted.map(({ column }) => column.name));
  const kept = table.columns.filter((column) => !names.has(column.name)).map((column) => takeColumnRows(column, rows));
  const value = createNumberColumn(
    options.value,
    picked.map(({ row, part }) =>
      parts[part]?.valid[row] === 0 ? Number.NaN : (parts[part]?.values[row] ?? Number.NaN),
    ),
    { role: lead.role, unit: lead.unit },
  );
  const { values, valid } = value;
  const { header: _header, originalUnit: _original, notation: _notation, ...info } = lead;
  const columns: Column[] = [
    ...kept,
    keyColumn(options, melted, picked),
    { ...info, name: options.value, values, valid },
  ];
  return new Table(
    columns,
    table.source,
    rows.map((row) => table.rowNumber(row)),
  );
}

function inUnitOf(table: Table, column: NumberColumn, lead: NumberColumn): NumberColumn {
  if (column.unit === lead.unit) return column;
  if (!isConvertible(column.unit, lead.unit)) {
    throw new UnitError(`the unit "${column.unit}" does not convert to "${lead.unit}" of "${lead.name}"`, {
      location: { file: table.source, column: column.name },
    });
  }
  const isDifference = column.role === "uncertainty" || column.isDifference === true;
  const convert = isDifference ? convertDifference : convertUnit;
  return { ...column, unit: lead.unit, values: convert(column.values, column.unit, lead.unit) };
}

function keyColumn(
  { key }: MeltColumnsOptions,
  melted: readonly { readonly key: number | string }[],
  picked: readonly { readonly part: number }[],
): Column {
  const keys = picked.map(({ part }) => melted[part]?.key);
  const numbers = melted.filter((entry) => typeof entry.key === "number").length;
  if (numbers === melted.length) return createNumberColumn(key.name, keys.map(Number), key);
  if (numbers > 0) throw new DataError(`meltColumns: the keys of "${key.name}" mix numbers and texts`);
  return createCategoryColumn(key.name, keys.map(String), key);
}
