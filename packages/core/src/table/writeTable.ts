import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import { parseHeader } from "./header.ts";
import type { Table } from "./table.ts";

/**
 * A table as CSV text (comma, decimal point, LF, RFC 4180 quoting), units in the headers: `Yield strength (MPa)`.
 * Numbers are written in the shortest form that reads back as the same number; missing values are empty.
 *
 * @example
 * await writeFileAtomic("features.csv", writeTable(table));
 */
export function writeTable(table: Table): string {
  const columns = table.columns.map(columnTexts);
  const lines = [table.columns.map((column) => quoted(headerText(column))).join(",")];
  for (let i = 0; i < table.nRows; i++) {
    const line = columns.map((texts) => quoted(texts[i] ?? "")).join(",");
    lines.push(line === "" ? '""' : line); // an empty line would not count as a row
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
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
