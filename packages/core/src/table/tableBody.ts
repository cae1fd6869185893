import { DataError, FormatError } from "../errors/errors.ts";
import { type ParsedHeader, parseHeader } from "./header.ts";
import { parseNumber } from "./numberText.ts";
import type { ProblemList } from "./problems.ts";
import type { TableSchema } from "./schema.ts";

/** A row of cells. */
export interface Row {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** A column of the file. */
export interface Header extends ParsedHeader {
  /** Position in the file. */
  readonly index: number;
}

/** Header cells and rows with any value. */
export interface TableBody {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

export function trimRecords(records: readonly (readonly string[])[], hasHeader: boolean): TableBody {
  const filled = records
    .map((cells, i): Row => ({ number: i + 1, cells }))
    .filter((row) => row.cells.some((cell) => cell.trim() !== ""));
  if (!hasHeader) return { header: [], rows: filled };
  return { header: filled[0]?.cells ?? [], rows: filled.slice(1) };
}

export function headersOf(header: readonly string[], rows: readonly Row[], problems: ProblemList): Header[] {
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
export function checkIsHeader(header: readonly string[], file: string | undefined): void {
  const numbers = header.filter((text) => parseNumber(text, ".") !== undefined);
  const measured = numbers.find((text) => !/^\d+$/.test(text.trim()));
  if (measured === undefined && (numbers.length === 0 || 2 * numbers.length < header.length)) return;
  throw new FormatError(
    `the first row holds numbers ("${measured ?? numbers[0]}") where column names are expected; add a header row, or declare "header": false with the names in the schema ("header": true if these are the names)`,
    { location: { file, row: 1 } },
  );
}

export function namesFromSchema(rows: readonly Row[], schema: TableSchema | undefined): Header[] {
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

export function checkWidths(body: TableBody, width: number, problems: ProblemList): void {
  for (const { number, cells } of body.rows) {
    if (cells.length === width) continue;
    const what =
      cells.length > width ? "an unquoted delimiter in a text, or a decimal comma?" : "a delimiter is missing?";
    problems.add(`has ${cells.length} fields, the header has ${width} (${what})`, { row: number });
  }
}
