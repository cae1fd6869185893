import { DomainError, UnitError } from "../errors/errors.ts";
import { convertDifference, convertUnit } from "../units/convertUnit.ts";
import { canonicalUnitText, parseUnit } from "../units/unit.ts";
import type { Column, NumberColumn } from "./column.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";

export interface ConvertColumnsOptions {
  /**
   * Columns of temperature that hold differences (undercooling, a range): converted without the offset of the scale.
   * Columns of role `uncertainty` always are. @defaultValue none
   */
  readonly differences?: readonly string[] | undefined;
}

/**
 * Converts number columns to other units. The unit they came in is kept as `originalUnit` (and the header of the file as
 * `header`), so that {@link restoreUnits} can bring them back.
 *
 * @param units - unit wanted per column name or header
 * @throws UnitError if a column is not numeric, has no unit, cannot be converted, or an uncertainty column that speaks of
 * it states no unit (it would be left behind in the old one)
 * @throws DomainError naming the row of a temperature below absolute zero
 * @throws DataError if a column does not exist
 * @example
 * convertColumns(table, { "Yield strength": "MPa", "Temp (°F)": "degC" });
 */
export function convertColumns(
  table: Table,
  units: Readonly<Record<string, string>>,
  options: ConvertColumnsOptions = {},
): Table {
  const differences = new Set((options.differences ?? []).map((name) => resolveColumn(table, name).name));
  const wanted = new Map<string, string>();
  for (const [name, unit] of Object.entries(units))
    wanted.set(resolveColumn(table, name).name, canonicalUnitText(unit));
  const columns = table.columns.map((column) => {
    const unit = wanted.get(column.name);
    if (unit === undefined) return column;
    const next = converted(table, column, unit, differences.has(column.name));
    if (next !== column) refuseOrphans(table, column);
    return next;
  });
  return new Table(columns, table.source, table.rowNumbers);
}

/**
 * Brings every converted column back to the unit it had in its file (to rounding: relative 1e-15 or so).
 *
 * @example
 * writeTable(restoreUnits(table)); // headers and values as in the file
 */
export function restoreUnits(table: Table): Table {
  const columns = table.columns.map((column) => {
    if (column.originalUnit === undefined) return column;
    const next =
      column.kind === "number" ? converted(table, column, column.originalUnit, column.isDifference === true) : column;
    const { originalUnit: _unit, isDifference: _difference, ...rest } = next;
    return rest as Column;
  });
  return new Table(columns, table.source, table.rowNumbers);
}

function converted(table: Table, column: Column, unit: string, isDifference: boolean): Column {
  if (column.unit === unit) return column;
  const location = { file: table.source, column: column.name };
  if (column.kind !== "number") {
    throw new UnitError(`the column holds ${column.kind} values; only numbers have a unit to convert`, { location });
  }
  if (column.unit === "") {
    throw new UnitError(
      `the column states no unit, so it cannot be converted to ${unit}; declare its unit in a schema`,
      {
        location,
      },
    );
  }
  const asDifference = isDifference || column.role === "uncertainty" || column.isDifference === true;
  let values: Float64Array;
  try {
    values = asDifference
      ? convertDifference(column.values, column.unit, unit)
      : convertUnit(column.values, column.unit, unit);
  } catch (cause) {
    if (!(cause instanceof UnitError)) throw cause;
    throw new UnitError(cause.message.replace(/^convertUnit: /, ""), { cause, location });
  }
  if (!asDifference) refuseBelowZero(table, column);
  const original = column.originalUnit ?? column.unit;
  const { originalUnit: _old, ...rest } = column;
  return {
    ...rest,
    unit,
    values,
    ...(original === unit ? {} : { originalUnit: original }),
    ...(asDifference && column.role !== "uncertainty" ? { isDifference: true } : {}),
  };
}

function refuseBelowZero(table: Table, column: NumberColumn): void {
  const { dimension, factor, offset } = parseUnit(column.unit);
  if (dimension !== "K1") return;
  const rows: number[] = [];
  for (const [i, value] of column.values.entries()) {
    if (column.valid[i] !== 0 && factor * value + offset < -1e-9) rows.push(i);
  }
  const first = rows[0];
  if (first === undefined) return;
  const more = rows.length === 1 ? "" : ` (and ${rows.length - 1} more rows)`;
  throw new DomainError(
    `${column.values[first]} ${column.unit} is below absolute zero${more}; if the column holds differences of temperature, name it in "differences"`,
    { location: { file: table.source, row: table.rowNumber(first), column: column.name } },
  );
}

/** A σ without a unit is in that of its column; converting the one alone would make it wrong. */
function refuseOrphans(table: Table, column: Column): void {
  const orphan = table.columns.find(
    (other) => other.describes === column.name && other.role === "uncertainty" && other.unit === "",
  );
  if (orphan === undefined) return;
  throw new UnitError(
    `"${orphan.name}" is the uncertainty of "${column.name}" and states no unit; declare it (${column.unit}?) in a schema, so that both are converted`,
    { location: { file: table.source, column: orphan.name } },
  );
}
