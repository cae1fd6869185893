import { FormatError } from "../errors/errors.ts";
import { convertDifference, convertUnit } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";
import type { Column, ColumnKind } from "./column.ts";
import { createCategoryColumn, createNumberColumn, createTextColumn } from "./columns.ts";
import { columnTexts } from "./columnTexts.ts";
import { compositionOfText, isCompositionKind } from "./compositionOfText.ts";
import { parseNumber } from "./numberText.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import { Table } from "./table.ts";

/**
 * Gives columns of a table the roles, units and kinds of a schema. A column without a unit takes the schema's; one with
 * another unit is converted to it. Columns that the schema does not list stay as they are. (To read a file whose cells
 * need the schema, such as labels `01`, `02`, give the schema to `readTable`.)
 *
 * @throws DataError if the schema names a column that is not there
 * @throws UnitError if a unit cannot be converted
 * @throws FormatError if values do not fit the kind
 * @example
 * applySchema(table, { version: 1, columns: [{ name: "RR", role: "process" }] });
 */
export function applySchema(table: Table, schema: TableSchema): Table {
  const changes = new Map(schema.columns.map((column) => [resolveColumn(table, column.name).name, column]));
  const columns = table.columns.map((column) => {
    const change = changes.get(column.name);
    return change === undefined ? column : apply(table, column, change);
  });
  return new Table(columns, table.source, table.rowNumbers);
}

function apply(table: Table, column: Column, change: ColumnSchema): Column {
  let next = change.kind === undefined || change.kind === column.kind ? column : recast(table, column, change.kind);
  if (change.unit !== undefined) {
    const unit = canonicalUnitText(change.unit);
    if (next.kind === "number" && next.unit !== "" && next.unit !== unit) {
      const isDifference = (change.role ?? next.role) === "uncertainty" || next.isDifference === true;
      const convert = isDifference ? convertDifference : convertUnit;
      next = {
        ...next,
        values: convert(next.values, next.unit, unit),
        originalUnit: next.originalUnit ?? next.unit,
      };
    }
    next = { ...next, unit };
  }
  if (change.describes !== undefined) next = { ...next, describes: change.describes };
  if (change.role !== undefined) next = { ...next, role: change.role, roleFrom: undefined };
  return next;
}

function recast(table: Table, column: Column, kind: ColumnKind): Column {
  const texts = columnTexts(column);
  if (kind === "category") return createCategoryColumn(column.name, texts, column);
  if (kind === "text") return createTextColumn(column.name, texts, { ...column, kind });
  const fail = (i: number, why: string, cause?: unknown): never => {
    throw new FormatError(why, {
      cause,
      location: { file: table.source, row: table.rowNumber(i), column: column.name },
    });
  };
  if (isCompositionKind(kind)) {
    for (const [i, text] of texts.entries()) {
      try {
        if (text !== undefined) compositionOfText(text, kind);
      } catch (error) {
        fail(i, error instanceof Error ? error.message : String(error), error);
      }
    }
    return createTextColumn(column.name, texts, { ...column, kind });
  }
  const values = texts.map((text, i) =>
    text === undefined ? Number.NaN : (parseNumber(text, ".") ?? fail(i, `"${text}" is not a number`)),
  );
  return createNumberColumn(column.name, values, column);
}
