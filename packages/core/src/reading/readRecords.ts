import type { Table } from "../table/table.ts";
import { resolveNotation } from "../table/tableNotation.ts";
import { assembleTable, decimalOf, layOut, type RawTable } from "./assembleTable.ts";
import { labelCells } from "./rawColumn.ts";
import type { ReadTableOptions } from "./readTableOptions.ts";

/** The table of a raw one whose columns all hold labels, or numbers read with a point that nothing speaks against. */
export function tableOfRaw(raw: RawTable, options: ReadTableOptions): Table {
  const layout = layOut(raw, options);
  return assembleTable(raw, layout, decimalOf(raw, layout, ".", options), options);
}

/**
 * A table from rows of texts, as a sheet holds them: row i is row i + 1 of the file, rows without any value are left out,
 * the first of the others is the header. Rows that are shorter than the header end in empty cells.
 */
export function readRecords(rows: readonly (readonly string[])[], options: ReadTableOptions): Table {
  const { header: hasHeader, headerRow } = resolveNotation(options);
  const filled = rows.flatMap((cells, i) =>
    i + 1 >= headerRow && cells.some((cell) => cell.trim() !== "") ? [{ cells, row: i + 1 }] : [],
  );
  const first = filled[0];
  const body = hasHeader ? filled.slice(1) : filled;
  const width = hasHeader ? (first?.cells.length ?? 0) : Math.max(0, ...body.map(({ cells }) => cells.length));
  const header = Array.from({ length: width }, (_, c) => (hasHeader ? (first?.cells[c] ?? "") : ""));
  const isLonger = (cells: readonly string[]): boolean => cells.slice(width).some((cell) => cell.trim() !== "");
  const kept = body.filter(({ cells }) => !isLonger(cells));
  const raw: RawTable = {
    header,
    headerRow: first?.row ?? 1,
    columns: header.map((_, c) => labelCells(kept.map(({ cells }) => cells[c]))),
    rowNumbers: Int32Array.from(kept, ({ row }) => row),
    ragged: body.flatMap(({ cells, row }) => (isLonger(cells) ? [{ row, nFields: cells.length }] : [])),
    delimiter: undefined,
  };
  return tableOfRaw(raw, options);
}
