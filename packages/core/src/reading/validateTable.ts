import { isMateriomeError } from "../errors/errors.ts";
import { ProblemList, type TableProblem } from "../errors/problemList.ts";
import type { Column } from "../table/column.ts";
import { columnTexts, isPresent } from "../table/columnTexts.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { ColumnSchema, TableSchema } from "../table/schema.ts";
import type { Table } from "../table/table.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";

/**
 * Everything in which a table does not fit a schema: columns that are not there, other kinds, units that cannot be
 * converted, values outside `min` … `max` or not among `labels`, missing values in `required` columns. Ranges are in the
 * unit of the schema. Empty where all is well.
 *
 * @example
 * validateTable(table, { version: 1, columns: [{ name: "C", unit: "wt%", min: 0, max: 2 }] });
 */
export function validateTable(table: Table, schema: TableSchema): readonly TableProblem[] {
  const problems = new ProblemList(table.source);
  checkAgainstSchema(table, schema, problems);
  return problems.problems;
}

/** Adds to `problems` in what the table does not fit the schema. */
export function checkAgainstSchema(table: Table, schema: TableSchema, problems: ProblemList): void {
  for (const declared of schema.columns) {
    let column: Column;
    try {
      column = resolveColumn(table, declared.name);
    } catch (error) {
      if (!isMateriomeError(error)) throw error;
      const isOutcome = ["property", "uncertainty", "censor", "note"].includes(declared.role ?? "");
      if (declared.required === true || !isOutcome) {
        problems.add(`there is no such column; the table has ${table.names.join(", ")}`, { column: declared.name });
      }
      continue;
    }
    checkColumn(table, column, declared, problems);
  }
}

function checkColumn(table: Table, column: Column, declared: ColumnSchema, problems: ProblemList): void {
  const at = column.header ?? column.name;
  if (declared.kind !== undefined && declared.kind !== column.kind) {
    problems.add(`is ${column.kind}, the schema says ${declared.kind}`, { column: at });
    return;
  }
  const unit = declared.unit === undefined ? column.unit : canonicalUnitText(declared.unit);
  if (!isConvertible(column.unit, unit)) {
    problems.add(`is in ${column.unit || "no unit"}, the schema says ${unit || "none"}`, { column: at });
    return;
  }
  if (declared.required === true) {
    for (let i = 0; i < table.nRows; i++) {
      if (!isPresent(column, i))
        problems.add("the value is missing, but required", { row: table.rowNumber(i), column: at });
    }
  }
  const { min, max, labels } = declared;
  if ((min !== undefined || max !== undefined) && column.kind !== "number") {
    problems.add(`has a range in the schema, but is ${column.kind}, not numbers`, { column: at });
  } else if ((min !== undefined || max !== undefined) && column.kind === "number") {
    const shown = unit === "" ? "" : ` ${unit}`;
    const values = column.unit === unit ? column.values : convertUnit(column.values, column.unit, unit);
    for (const [i, value] of values.entries()) {
      const side =
        value < (min ?? value)
          ? `below the least allowed, ${min}`
          : value > (max ?? value)
            ? `above the most allowed, ${max}`
            : "";
      if (side === "") continue;
      problems.add(
        `${shortValue(value, min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY)}${shown} is ${side}${shown}`,
        {
          row: table.rowNumber(i),
          column: at,
        },
      );
    }
  }
  if (labels !== undefined) {
    const allowed = new Set(labels);
    for (const [i, text] of columnTexts(column).entries()) {
      if (text === undefined || allowed.has(text)) continue;
      problems.add(`"${text}" is not allowed; allowed are ${labels.map((l) => `"${l}"`).join(", ")}`, {
        row: table.rowNumber(i),
        column: at,
      });
    }
  }
}

/** Six digits, or all where so few would not show on which side of a bound the value lies. */
function shortValue(value: number, min: number, max: number): string {
  const short = Number(value.toPrecision(6));
  return String(short < min === value < min && short > max === value > max ? short : value);
}
