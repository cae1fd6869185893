import { readFile } from "node:fs/promises";
import { parseFormula, tryParseFormula } from "../composition/parseFormula.ts";
import { DataError, FormatError, isMateriomeError } from "../errors/errors.ts";
import type { Column, ColumnKind } from "./column.ts";
import { createCategoryColumn, createNumberColumn, createTextColumn } from "./columns.ts";
import { csvRecords, type Delimiter } from "./csvRecords.ts";
import { detectDecimal } from "./detectDecimal.ts";
import { type ParsedHeader, parseHeader } from "./header.ts";
import { inferRoles } from "./inferRole.ts";
import { type DecimalSign, MISSING_TOKENS, numberRemedy, parseNumber } from "./numberText.ts";
import { ProblemList } from "./problems.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import { Table } from "./table.ts";

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

/**
 * Reads a CSV file (UTF-8); see {@link readTable}.
 *
 * @throws DataError if there is no such file or it cannot be read; errors of {@link readTable}
 * @example
 * const table = await readTableFile("steels.csv");
 */
export async function readTableFile(path: string, options: Omit<ReadTableOptions, "file"> = {}): Promise<Table> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "this is a folder, a CSV file is expected"
          : cause instanceof Error
            ? cause.message
            : String(cause);
    throw new DataError(`cannot read the table: ${why}`, { cause, location: { file: path } });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError("this is no text in UTF-8; export the table as CSV (UTF-8)", {
      cause,
      location: { file: path },
    });
  }
  return readTable(text, { ...options, file: path });
}

interface Row {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

interface Header extends ParsedHeader {
  /** Position in the file. */
  readonly index: number;
}

interface Body {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

function trimRecords(records: readonly (readonly string[])[], hasHeader: boolean): Body {
  const filled = records
    .map((cells, i): Row => ({ number: i + 1, cells }))
    .filter((row) => row.cells.some((cell) => cell.trim() !== ""));
  if (!hasHeader) return { header: [], rows: filled };
  return { header: filled[0]?.cells ?? [], rows: filled.slice(1) };
}

function headersOf(header: readonly string[], rows: readonly Row[], problems: ProblemList): Header[] {
  const kept: Header[] = [];
  const first = new Map<string, number>();
  for (const [index, text] of header.entries()) {
    const parsed = parseHeader(text);
    if (parsed.header === "") {
      const row = rows.find((r) => (r.cells[index] ?? "").trim() !== "");
      if (row !== undefined) {
        problems.add(`column ${index + 1} has values (first in row ${row.number}) but no header; name it`, { row: 1 });
      }
      continue;
    }
    const earlier = first.get(parsed.header);
    if (earlier !== undefined) {
      problems.add(`columns ${earlier + 1} and ${index + 1} have the same header; rename one`, {
        row: 1,
        column: parsed.header,
      });
    }
    first.set(parsed.header, earlier ?? index);
    kept.push({ ...parsed, index });
  }
  const count = new Map<string, number>();
  for (const { name } of kept) count.set(name, (count.get(name) ?? 0) + 1);
  return kept.map((column) => ((count.get(column.name) ?? 0) > 1 ? { ...column, name: column.header } : column));
}

/** Numbers in the first row mean that the header is missing and that a row of data would be lost as names. */
function checkIsHeader(header: readonly string[], file: string | undefined): void {
  const numbers = header.filter((text) => parseNumber(text, ".") !== undefined);
  const measured = numbers.find((text) => !/^\d+$/.test(text.trim()));
  if (measured === undefined && (numbers.length === 0 || 2 * numbers.length < header.length)) return;
  throw new FormatError(
    `the first row holds numbers ("${measured ?? numbers[0]}") where column names are expected; add a header row, or declare "header": false with the names in the schema ("header": true if these are the names)`,
    { location: { file, row: 1 } },
  );
}

function namesFromSchema(rows: readonly Row[], schema: TableSchema | undefined): Header[] {
  const width = rows[0]?.cells.length ?? 0;
  if (schema !== undefined && schema.columns.length !== width) {
    throw new DataError(
      `the file has ${width} columns and no header, but the schema lists ${schema.columns.length}; list all, in order`,
    );
  }
  return Array.from({ length: width }, (_, index) => {
    const name = schema?.columns[index]?.name ?? `column ${index + 1}`;
    return { header: name, name, unit: "", index };
  });
}

function checkWidths(body: Body, width: number, problems: ProblemList): void {
  for (const { number, cells } of body.rows) {
    if (cells.length === width) continue;
    const what =
      cells.length > width ? "an unquoted delimiter in a text, or a decimal comma?" : "a delimiter is missing?";
    problems.add(`has ${cells.length} fields, the header has ${width} (${what})`, { row: number });
  }
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

function presentText(cell: string): string | undefined {
  const text = cell.trim();
  return MISSING_TOKENS.includes(text.toLowerCase()) ? undefined : text;
}

const FORMULA_NAME = /\b(?:formula|composition|compound)\b/i;
const ALLOY_NAME = /\balloys?\b/i;

function inferKind(name: string, texts: readonly (string | undefined)[], decimal: DecimalSign): ColumnKind {
  const present = texts.filter((text) => text !== undefined);
  const nNumbers = present.filter((text) => parseNumber(text, decimal) !== undefined).length;
  if (2 * nNumbers >= present.length) return "number"; // also where every value is missing
  const distinct = new Set(present);
  if (isFormulaColumn(name, distinct)) return "formula";
  return distinct.size > 20 && 2 * distinct.size > present.length ? "text" : "category";
}

function isFormulaColumn(name: string, distinct: ReadonlySet<string>): boolean {
  const parsed = [...distinct].map((text) => ({ text, composition: tryParseFormula(text) }));
  const share = parsed.filter((entry) => entry.composition !== undefined).length / distinct.size;
  if (FORMULA_NAME.test(name)) return share >= 0.5;
  if (ALLOY_NAME.test(name)) return share >= 0.9;
  return (
    distinct.size >= 3 &&
    parsed.every(({ text, composition }) => composition !== undefined && composition.size >= 2 && /\d/.test(text))
  );
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
