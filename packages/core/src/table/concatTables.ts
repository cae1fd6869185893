import { DataError, UnitError } from "../errors/errors.ts";
import { convertDifference, convertUnit, isConvertible } from "../units/convertUnit.ts";
import type { Column } from "./column.ts";
import { createCategoryColumn } from "./columns.ts";
import { columnTexts } from "./columnTexts.ts";
import { Table } from "./table.ts";

export interface ConcatTablesOptions {
  /**
   * What to do with columns that some tables lack: `same` refuses them, `all` fills them with missing values, `shared`
   * leaves them out. @defaultValue "same"
   */
  readonly columns?: "same" | "all" | "shared" | undefined;
  /** Name of a category column (role `group`) to add that says which table a row came from. @defaultValue none */
  readonly sourceColumn?: string | undefined;
}

/**
 * The rows of several tables, one below the other. Columns meet by name; numbers are converted to the unit of the first
 * table that has the column; roles are those of the first table too, unless it only assumed them and another declares.
 * Rows keep the numbers of their files.
 *
 * @throws DataError listing every column that is missing somewhere, or of different kinds
 * @throws UnitError listing every column whose units do not convert
 * @example
 * concatTables([lab2024, lab2025], { sourceColumn: "campaign" });
 */
export function concatTables(tables: readonly Table[], options: ConcatTablesOptions = {}): Table {
  const [first] = tables;
  if (first === undefined) throw new DataError("concatTables: needs at least one table, got none");
  const names = columnNames(tables, options.columns ?? "same");
  const problems: string[] = [];
  let badUnits = 0;
  const columns: Column[] = [];
  for (const name of names) {
    const parts = tables.map((table) => (table.has(name) ? table.column(name) : undefined));
    const lead = parts.find((part) => part !== undefined);
    if (lead === undefined) continue;
    for (const [k, part] of parts.entries()) {
      if (part === undefined) continue;
      if (kindClass(part) !== kindClass(lead)) {
        problems.push(`"${name}" is ${lead.kind} in ${label(tables, parts.indexOf(lead))}, ${part.kind} in ${label(tables, k)}`); // biome-ignore format: one message
      } else if (part.kind === "number" && !isConvertible(part.unit, lead.unit)) {
        badUnits++;
        problems.push(`"${name}" is in ${unitText(lead)} in ${label(tables, parts.indexOf(lead))}, in ${unitText(part)} in ${label(tables, k)}`); // biome-ignore format: one message
      }
    }
    if (problems.length === 0) columns.push(stacked(parts, lead, tables));
  }
  if (problems.length > 0) {
    const Failure = badUnits === problems.length ? UnitError : DataError;
    throw new Failure(
      `concatTables: the tables do not fit together:\n  ${problems.join("\n  ")}\ndeclare units and kinds in a schema, or rename a column`,
    );
  }
  const nRows = tables.reduce((sum, table) => sum + table.nRows, 0);
  if (options.sourceColumn !== undefined) {
    const texts = tables.flatMap((_, k) => Array.from({ length: tables[k]?.nRows ?? 0 }, () => label(tables, k)));
    columns.push(createCategoryColumn(options.sourceColumn, texts, { role: "group" }));
  }
  const rowNumbers = new Int32Array(columns.length === 0 ? 0 : nRows);
  let at = 0;
  for (const table of columns.length === 0 ? [] : tables) {
    for (let i = 0; i < table.nRows; i++) rowNumbers[at++] = table.rowNumber(i);
  }
  const sources = [...new Set(tables.map((table) => table.source).filter((source) => source !== undefined))];
  return new Table(columns, sources.length === 0 ? undefined : sources.join(" + "), rowNumbers);
}

function columnNames(tables: readonly Table[], which: "same" | "all" | "shared"): string[] {
  const names = [...new Set(tables.flatMap((table) => table.names))];
  const everywhere = names.filter((name) => tables.every((table) => table.has(name)));
  if (which === "shared") return everywhere;
  if (which === "all" || everywhere.length === names.length) return names;
  const lacking = names
    .filter((name) => !everywhere.includes(name))
    .map((name) => {
      const without = tables.flatMap((table, k) => (table.has(name) ? [] : [label(tables, k)]));
      return `"${name}" is missing in ${without.join(", ")}`;
    });
  throw new DataError(
    `concatTables: the tables have different columns:\n  ${lacking.join("\n  ")}\nrename them, or say columns: "all" (missing values) or "shared" (leave them out)`,
  );
}

function label(tables: readonly Table[], k: number): string {
  return tables[k]?.source ?? `table ${k + 1}`;
}

function unitText(column: Column): string {
  return column.unit === "" ? "no unit" : column.unit;
}

function kindClass(column: Column): string {
  return column.kind === "category" || column.kind === "text" ? "text" : column.kind;
}

function stacked(parts: readonly (Column | undefined)[], lead: Column, tables: readonly Table[]): Column {
  const declared = parts.find((part) => part !== undefined && part.roleFrom === undefined);
  const better =
    lead.roleFrom === "default" && declared !== undefined ? { role: declared.role, roleFrom: undefined } : {};
  const nRows = tables.reduce((sum, table) => sum + table.nRows, 0);
  if (lead.kind === "number") {
    const values = new Float64Array(nRows).fill(Number.NaN);
    const valid = new Uint8Array(nRows);
    let at = 0;
    for (const [k, part] of parts.entries()) {
      if (part?.kind === "number") {
        const convert = part.role === "uncertainty" || part.isDifference === true ? convertDifference : convertUnit;
        values.set(convert(part.values, part.unit, lead.unit), at);
        valid.set(part.valid, at);
      }
      at += tables[k]?.nRows ?? 0;
    }
    return { ...lead, ...better, values, valid };
  }
  if (parts.every((part) => part === undefined || part.kind === "category")) {
    return { ...info(lead), ...better, kind: "category", ...stackedCodes(parts, tables, nRows) };
  }
  const texts = parts.flatMap((part, k): readonly (string | undefined)[] =>
    part === undefined ? Array.from({ length: tables[k]?.nRows ?? 0 }, () => undefined) : columnTexts(part),
  );
  return { ...info(lead), ...better, kind: lead.kind === "category" ? "text" : lead.kind, texts };
}

/** Codes of all parts in one dictionary, labels in the order of the parts. */
function stackedCodes(
  parts: readonly (Column | undefined)[],
  tables: readonly Table[],
  nRows: number,
): { readonly codes: Int32Array; readonly labels: readonly string[] } {
  const index = new Map<string, number>();
  const codes = new Int32Array(nRows).fill(-1);
  let at = 0;
  for (const [k, part] of parts.entries()) {
    if (part?.kind === "category") {
      const own = part.labels.map((label) => {
        const code = index.get(label) ?? index.size;
        index.set(label, code);
        return code;
      });
      for (const [i, code] of part.codes.entries()) codes[at + i] = own[code] ?? -1;
    }
    at += tables[k]?.nRows ?? 0;
  }
  return { codes, labels: [...index.keys()] };
}

function info(column: Column): Pick<Column, "name" | "role" | "unit" | "describes" | "header" | "roleFrom"> {
  const { name, role, unit, describes, header, roleFrom } = column;
  return { name, role, unit, describes, header, roleFrom };
}
