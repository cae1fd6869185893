import { DataError, FormatError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import type { Table } from "../table/table.ts";
import { resolveNotation } from "../table/tableNotation.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { cellText } from "./cellText.ts";
import { readRecords } from "./readRecords.ts";
import type { ReadTableFileOptions } from "./readTableOptions.ts";
import { readSheetNotes } from "./sheetXml.ts";

/**
 * A sheet of an Excel workbook (Office Open XML) as a table. Cells with formulas hold the value last computed; one that
 * was never computed, or shows an error other than `#N/A`, is an error. A cell merged over several rows below the header
 * is the value of each of them.
 */
export async function readXlsx(
  bytes: Uint8Array,
  options: ReadTableFileOptions & { readonly file: string },
): Promise<Table> {
  const { file, sheet = 1 } = options;
  const { default: readWorkbook } = await import("read-excel-file/node");
  const sheets = await readWorkbook(Buffer.from(bytes), { trim: false }).catch((cause: unknown) => {
    const why = cause instanceof Error ? ` (${cause.message})` : "";
    throw new FormatError(`this cannot be read as an Excel workbook${why}; save it again as .xlsx, or as CSV`, {
      cause,
      location: { file },
    });
  });
  const names = sheets.map((entry) => entry.sheet);
  const found = typeof sheet === "number" ? sheets[sheet - 1] : sheets.find((entry) => entry.sheet === sheet);
  if (found === undefined) {
    const near = typeof sheet === "string" ? nearestNames(sheet, names)[0] : undefined;
    const hint = near === undefined ? "" : `did you mean "${near}"? `;
    const shown = names.map((name, i) => `${i + 1} "${name}"`).join(", ");
    throw new DataError(`there is no sheet ${JSON.stringify(sheet)}; ${hint}the workbook has ${shown}`, {
      location: { file },
    });
  }
  const rows = found.data.map((row) => row.map((cell) => cellText(roundedToSecond(cell)) ?? ""));
  const { uncomputed, errors, merged } = readSheetNotes(bytes, sheets.indexOf(found));
  const top = headerIndexOf(rows, options);
  const problems = new ProblemList(file);
  const add = (row: number, column: number, message: string): void => {
    if (row <= top) return;
    problems.add(message, { row: row + 1, column: rows[top]?.[column] || `column ${column + 1}` });
  };
  for (const { row, column } of uncomputed) {
    add(row, column, "the formula has no stored value; open the workbook in a spreadsheet program and save it there");
  }
  for (const { row, column, text } of errors) add(row, column, `the cell shows ${text}; correct it, or leave it empty`);
  problems.throwIfAny();
  for (const { row, column, lastRow } of merged) {
    if (row <= top) continue;
    for (const covered of rows.slice(row + 1, lastRow + 1)) covered[column] = rows[row]?.[column] ?? "";
  }
  options.onReport?.({ format: "xlsx", sheet: found.sheet });
  return readRecords(rows, options);
}

/** Index of the header row, −1 where the sheet has none. */
function headerIndexOf(rows: readonly (readonly string[])[], options: ReadTableFileOptions): number {
  const { header, headerRow } = resolveNotation(options);
  if (!header) return -1;
  return rows.findIndex((cells, i) => i + 1 >= headerRow && cells.some((cell) => cell.trim() !== ""));
}

/** Workbooks store days as fractions: 13:00 comes out a millisecond early. */
function roundedToSecond(cell: unknown): unknown {
  if (!(cell instanceof Date)) return cell;
  const seconds = Math.round(cell.getTime() / 1000);
  return Math.abs(cell.getTime() - 1000 * seconds) <= 2 ? new Date(1000 * seconds) : cell;
}
