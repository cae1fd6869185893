import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import { parseHeader } from "./header.ts";
import type { Table } from "./table.ts";

/**
 * A table as CSV text (comma, decimal point, LF, RFC 4180 quoting), units in the headers: `Yield strength (MPa)`.
 * Numbers are written in the shortest form that reads back as the same number; missing values are empty
 * (`NA` in the first cell of a row that has no value at all).
 *
 * @example
 * await writeFileAtomic("features.csv", writeTable(table));
 */
export function writeTable(table: Table): string {
  const columns = table.columns.map(columnTexts);
  const lines = [table.columns.map((column) => quoted(headerText(column))).join(",")];
  for (let i = 0; i < table.nRows; i++) {
    const cells = columns.map((texts): string => quoted(texts[i] ?? ""));
    if (cells.every((cell) => cell.length === 0)) cells[0] = "NA"; // a line without anything would not count as a row
    lines.push(cells.join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** The header a column would be read from again: its own where that still says the same unit. */
export function headerText(column: Column): string {
  const { header, name, unit } = column;
  if (header !== undefined && parseHeader(header).unit === unit) return header;
  if (unit === "" || parseHeader(name).unit === unit) return name;
  return `${name} (${unit})`;
}

function quoted(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
