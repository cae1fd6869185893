import { type Column, columnTexts, DataError, resolveColumn, type Table } from "@materiome/core";
import { isActive } from "./activity.ts";
import { valueFrom } from "./pointFromSettings.ts";
import type { Point } from "./points.ts";
import { converted } from "./quantity.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { isNumeric, type Variable } from "./variable.ts";

/** Most rows that a message lists. */
const MOST_LISTED = 20;

/**
 * The rows of a table as points of a space, inside it or not (older experiments): numbers converted from the unit of their column, levels by
 * name. Columns that are no variables are passed over. An empty cell is an inactive variable, and must be one.
 *
 * @returns one point for each row
 * @throws DataError for columns that are missing (nearest names offered), and for all rows with unknown levels, empty cells of active
 * variables or values of inactive ones, by their number in the file
 * @throws UnitError for a column whose unit cannot be converted
 * @example
 * const points = readPoints(space, await readTableFile("trials.csv"));
 */
export function readPoints(space: SearchSpace, table: Table): Point[] {
  const columns = space.variables.map((variable) => columnOf(variable, table));
  const points = Array.from({ length: table.nRows }, () => new Float64Array(columns.length).fill(Number.NaN));
  const problems: { readonly row: number; readonly text: string }[] = [];
  for (const [j, variable] of space.variables.entries()) {
    const column = columns[j];
    if (column === undefined) continue;
    const values = valuesOf(variable, column, (row, text) => problems.push({ row, text }));
    for (const [row, value] of values.entries()) (points[row] as Point)[j] = value; // one point for each row
  }
  const failed = new Set(problems.map(({ row, text }) => `${row} ${text.slice(0, text.indexOf('" ') + 1)}`));
  for (const [row, point] of points.entries()) {
    for (const [j, { name, when }] of space.variables.entries()) {
      const isSet = !Number.isNaN(point[j] ?? Number.NaN);
      if (isSet === isActive(space, point, j) || failed.has(`${row} "${name}"`)) continue;
      const text = isSet
        ? `"${name}" is set, but it exists only where ${when?.name} is ${when?.in.join(" or ")}`
        : `"${name}" has no value`;
      problems.push({ row, text });
    }
  }
  if (problems.length === 0) return points;
  const lines = problems
    .sort((a, b) => a.row - b.row)
    .slice(0, MOST_LISTED)
    .map(({ row, text }) => `row ${table.rowNumber(row)}: ${text}`);
  const more = problems.length > MOST_LISTED ? `; … and ${problems.length - MOST_LISTED} more` : "";
  throw new DataError(`readPoints: ${lines.join("; ")}${more}`, { location: { file: table.source } });
}

/** The column of a variable; undefined where there is none and the variable does not always exist. */
function columnOf(variable: Variable, table: Table): Column | undefined {
  if (variable.when !== undefined && !table.has(variable.name)) return undefined;
  return resolveColumn(table, variable.name);
}

function valuesOf(variable: Variable, column: Column, report: (row: number, text: string) => void): Float64Array {
  const what = `"${variable.name}"`;
  if (column.kind === "number" && isNumeric(variable)) {
    const { values, unit } = column;
    if (unit === variable.unit) return values;
    const shift = converted(0, unit, variable.unit, `readPoints: ${what}`);
    const slope = converted(1, unit, variable.unit, `readPoints: ${what}`) - shift;
    return values.map((value) => Number((value * slope + shift).toPrecision(12)));
  }
  const texts: readonly (string | number | undefined)[] =
    column.kind === "number"
      ? Array.from(column.values, (v) => (Number.isNaN(v) ? undefined : v))
      : columnTexts(column);
  const values = texts.map((text, row) => {
    if (text === undefined) return Number.NaN;
    try {
      return valueFrom(variable, text, what);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      report(row, error.message);
      return Number.NaN;
    }
  });
  return Float64Array.from(values);
}
