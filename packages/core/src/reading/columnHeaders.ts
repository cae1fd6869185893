import { DataError, FormatError } from "../errors/errors.ts";
import type { ProblemList } from "../errors/problemList.ts";
import { type ParsedHeader, parseHeader } from "../table/header.ts";
import { parseNumber } from "../table/numberText.ts";
import type { TableSchema } from "../table/schema.ts";

/** A column of the file. */
export interface Header extends ParsedHeader {
  /** Position in the file. */
  readonly index: number;
}

/**
 * Names and units of the columns. Columns without a header are left out where they are empty, as spreadsheets leave them.
 *
 * @param headerRow - row of the file that the header stands in
 * @param firstRowWithValue - row of the first value of a column, undefined where there is none
 */
export function headersOf(
  header: readonly string[],
  headerRow: number,
  firstRowWithValue: (index: number) => number | undefined,
  problems: ProblemList,
): Header[] {
  const nameless = header.flatMap((text, index) => {
    const row = text.trim() === "" ? firstRowWithValue(index) : undefined;
    return row === undefined ? [] : [{ index, row }];
  });
  if (nameless.length > 1 && nameless.length > header.length / 2) {
    const nNamed = header.filter((text) => text.trim() !== "").length;
    const row = Math.min(...nameless.map((column) => column.row));
    problems.add(
      `names ${nNamed} of ${nNamed + nameless.length} columns, the others have values from row ${row} on; if the header stands in row ${row}, state headerRow: ${row} (in the schema), or else name columns ${nameless.map(({ index }) => index + 1).join(", ")}`,
      { row: headerRow },
    );
    nameless.length = 0;
  }
  for (const { index, row } of nameless) {
    problems.add(`column ${index + 1} has values (first in row ${row}) but no header; name it`, { row: headerRow });
  }
  const kept: Header[] = [];
  const first = new Map<string, number>();
  for (const [index, text] of header.entries()) {
    const parsed = parseHeader(text);
    if (parsed.header === "") continue;
    const earlier = first.get(parsed.header);
    if (earlier !== undefined) {
      problems.add(`columns ${earlier + 1} and ${index + 1} have the same header; rename one`, {
        row: headerRow,
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
export function checkIsHeader(header: readonly string[], row: number, file: string | undefined): void {
  const numbers = header.filter((text) => parseNumber(text, ".") !== undefined);
  const measured = numbers.find((text) => !/^\d+$/.test(text.trim()));
  if (measured === undefined && (numbers.length === 0 || 2 * numbers.length < header.length)) return;
  throw new FormatError(
    `the first row holds numbers ("${measured ?? numbers[0]}") where column names are expected; add a header row, or declare "header": false with the names in the schema ("header": true if these are the names)`,
    { location: { file, row } },
  );
}

/** Headers of a file without a header row: the names of the schema in order, or `column 1`, `column 2`, … */
export function headersFromSchema(width: number, schema: TableSchema | undefined, file: string | undefined): Header[] {
  if (schema !== undefined && schema.columns.length !== width) {
    throw new DataError(
      `the file has ${width} columns and no header, but the schema lists ${schema.columns.length}; list all, in order`,
      { location: { file } },
    );
  }
  return Array.from({ length: width }, (_, index) => {
    const name = schema?.columns[index]?.name ?? `column ${index + 1}`;
    return { header: name, name, unit: "", index };
  });
}
