import { parseFormula } from "../composition/parseFormula.ts";
import { DataError, FormatError, isMateriomeError } from "../errors/errors.ts";
import { isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";
import type { Column, ColumnKind } from "./column.ts";
import { createCategoryColumn, createNumberColumn, createTextColumn } from "./columns.ts";
import { csvRecords, type Delimiter } from "./csvRecords.ts";
import { detectDecimal } from "./detectDecimal.ts";
import { inferKind } from "./inferKind.ts";
import { inferRoles } from "./inferRole.ts";
import { type DecimalSign, MISSING_TOKENS, numberRemedy, parseNumber } from "./numberText.ts";
import { ProblemList } from "./problems.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import { Table } from "./table.ts";
import {
  checkIsHeader,
  checkWidths,
  type Header,
  headersOf,
  namesFromSchema,
  type Row,
  trimRecords,
} from "./tableBody.ts";

export interface ReadTableOptions {
  /** Name of the file, for messages. */
  readonly file?: string | undefined;
  /** Roles, units, kinds and notation that are declared rather than inferred. */
  readonly schema?: TableSchema | undefined;
  /** @defaultValue the schema's, else detected among tab, semicolon and comma */
  readonly delimiter?: Delimiter | undefined;
  /** @defaultValue the schema's, else detected; a comma is never guessed where it also delimits fields */
  readonly decimal?: DecimalSign | undefined;
  /** False for a file without a header row; names come from the schema, else they are `column 1`, `column 2`, … @defaultValue true */
  readonly header?: boolean | undefined;
}

/**
 * Reads delimited text (CSV) into a table, inferring delimiter, decimal sign, units, kinds and roles.
 *
 * Missing are, in any case: empty, NA, N/A, NaN, -, --, ?, null, none. Rows without any value and unnamed columns without
 * any value (what spreadsheets leave at the edges) are left out. A column of which at least half of the present values
 * are numbers is a number column and every other text in it an error, unless the schema gives it another kind. A column
 * named formula, composition or compound (half of it parsing), or alloy (nine tenths), is a formula column, and so is one
 * whose values all are formulas of two or more elements with amounts; in it, texts that do not parse are errors. Other
 * texts are categories, or free text if more than half of many values differ. Names, units: `parseHeader`; roles:
 * `inferRoles`; a name that two columns would share stays the full header.
 *
 * @throws FormatError listing all problems: ragged rows, duplicate or missing headers, text in number columns, ambiguous
 * decimal signs
 * @throws DataError if there is no row of data, or the schema speaks of an input column that is not there
 * @example
 * const table = readTable("heat,Temper (°C),Yield strength (MPa)\nA,600,810\nB,650,NA\n");
 * table.column("Yield strength").unit; // "MPa"
 */
export function readTable(text: string, options: ReadTableOptions = {}): Table {
  const { file, schema } = options;
  if (text.includes("\u0000")) {
    throw new FormatError("this is no text in UTF-8; export the table as CSV (UTF-8)", { location: { file } });
  }
  const hasHeader = options.header ?? schema?.header ?? true;
  const { records, delimiter } = csvRecords(text, options.delimiter ?? schema?.delimiter, file);
  const body = trimRecords(records, hasHeader);
  const problems = new ProblemList(file);
  if (hasHeader && options.header === undefined && schema?.header === undefined) checkIsHeader(body.header, file);
  const headers = hasHeader ? headersOf(body.header, body.rows, problems) : namesFromSchema(body.rows, schema);
  checkWidths(body, hasHeader ? body.header.length : (body.rows[0]?.cells.length ?? 0), problems);
  problems.throwIfAny();
  if (body.rows.length === 0) throw new DataError("the table has no rows of data", { location: { file } });

  const declared = schemaByColumn(headers, schema, file);
  checkUnits(headers, declared, problems);
  const cells = headers.map(({ index }) => body.rows.map((row) => presentText(row.cells[index] ?? "")));
  const numberLike = headers.map((_, i) => declared[i]?.kind === undefined || declared[i]?.kind === "number");
  const decimal =
    options.decimal ??
    schema?.decimal ??
    detectDecimal(
      headers.flatMap(({ header }, i) => (numberLike[i] ? [{ header, cells: cells[i] ?? [] }] : [])),
      { delimiter, file, rowNumbers: body.rows.map((row) => row.number) },
    );
  const drafts = headers.map((header, i) => {
    const texts = cells[i] ?? [];
    const kind = declared[i]?.kind ?? inferKind(header.name, texts, decimal);
    return {
      header,
      kind,
      texts,
      numbers: kind === "number" ? numbersOf(header, texts, decimal, body.rows, problems) : undefined,
    };
  });
  for (const { header, kind, texts } of drafts) {
    if (kind === "formula") checkFormulas(header, texts, body.rows, problems);
  }
  problems.throwIfAny();
  const roles = inferRoles(
    drafts.map(({ header, kind, texts, numbers }, i) => ({
      name: header.name,
      unit: declared[i]?.unit ?? header.unit,
      kind,
      ...factsOf(texts, numbers),
    })),
  );
  const columns = drafts.map(({ header, kind, texts, numbers }, i): Column => {
    const inferred = roles[i] ?? { role: "note", from: "default" }; // one role per draft
    const own = declared[i];
    const describes = own?.describes ?? inferred.describes;
    const info = {
      role: own?.role ?? inferred.role,
      unit: own?.unit ?? header.unit,
      describes,
      header: header.header === header.name ? undefined : header.header,
    };
    const column = build(header.name, kind, texts, numbers, info);
    return own?.role === undefined ? { ...column, roleFrom: inferred.from } : column;
  });
  return new Table(
    columns,
    file,
    Int32Array.from(body.rows, (row) => row.number),
  );
}

function schemaByColumn(
  headers: readonly Header[],
  schema: TableSchema | undefined,
  file: string | undefined,
): (ColumnSchema | undefined)[] {
  const found = new Array<ColumnSchema | undefined>(headers.length).fill(undefined);
  if (schema === undefined) return found;
  // An empty table of the same names, so that the schema's names are found by the same rules as everywhere.
  const names = new Table(
    headers.map(({ name, header }) => createTextColumn(name, [], { kind: "text", role: "note", header })),
    file,
  );
  for (const column of schema.columns) {
    try {
      const { name } = resolveColumn(names, column.name);
      found[headers.findIndex((header) => header.name === name)] = column;
    } catch (error) {
      // A table to predict on need not hold what is predicted.
      const isOutcome = ["property", "uncertainty", "censor", "note"].includes(column.role ?? "");
      if (isMateriomeError(error) && error.code === "DATA" && isOutcome) continue;
      throw error;
    }
  }
  return found;
}

/** A schema may say what kind of % a header means; MPa in one and GPa in the other is a mistake in one of them. */
function checkUnits(
  headers: readonly Header[],
  declared: readonly (ColumnSchema | undefined)[],
  problems: ProblemList,
): void {
  for (const [i, { header, unit }] of headers.entries()) {
    const own = canonicalUnitText(declared[i]?.unit ?? unit);
    if (own === unit || !isConvertible(unit, own)) continue;
    problems.add(`the header says ${unit}, the schema ${own}; the schema states the unit of the values as they stand`, {
      column: header,
    });
  }
}

function presentText(cell: string): string | undefined {
  const text = cell.trim();
  return MISSING_TOKENS.includes(text.toLowerCase()) ? undefined : text;
}

function numbersOf(
  header: Header,
  texts: readonly (string | undefined)[],
  decimal: DecimalSign,
  rows: readonly Row[],
  problems: ProblemList,
): Float64Array {
  return Float64Array.from(texts, (text, i) => {
    if (text === undefined) return Number.NaN;
    const value = parseNumber(text, decimal);
    if (value !== undefined && Number.isFinite(value)) return value;
    problems.add(`"${text}" is not a number; ${numberRemedy(text, decimal)}`, {
      row: rows[i]?.number,
      column: header.header,
    });
    return Number.NaN;
  });
}

function checkFormulas(
  header: Header,
  texts: readonly (string | undefined)[],
  rows: readonly Row[],
  problems: ProblemList,
): void {
  for (const [i, text] of texts.entries()) {
    if (text === undefined) continue;
    try {
      parseFormula(text);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.add(error.message, { row: rows[i]?.number, column: header.header });
    }
  }
}

function factsOf(
  texts: readonly (string | undefined)[],
  numbers: Float64Array | undefined,
): { readonly nPresent: number; readonly nDistinct: number; readonly min: number; readonly max: number } {
  const present = texts.filter((text) => text !== undefined);
  let min = numbers === undefined ? Number.NaN : Number.POSITIVE_INFINITY;
  let max = numbers === undefined ? Number.NaN : Number.NEGATIVE_INFINITY;
  for (const value of numbers ?? []) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { nPresent: present.length, nDistinct: new Set(present).size, min, max };
}

function build(
  name: string,
  kind: ColumnKind,
  texts: readonly (string | undefined)[],
  numbers: Float64Array | undefined,
  info: Parameters<typeof createCategoryColumn>[2],
): Column {
  if (numbers !== undefined) return createNumberColumn(name, numbers, info);
  if (kind === "category") return createCategoryColumn(name, texts, info);
  return createTextColumn(name, texts, { ...info, kind: kind === "formula" ? "formula" : "text" });
}
