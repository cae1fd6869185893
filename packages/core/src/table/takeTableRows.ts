import { ShapeError } from "../errors/errors.ts";
import type { Column } from "./column.ts";
import { Table } from "./table.ts";

/**
 * Rows of a table in the given order (0-based; repeats allowed), as a new table. Categories keep their whole dictionary,
 * rows the number they had ({@link Table.rowNumber}).
 *
 * @throws ShapeError for a row that the table does not have
 * @example
 * const head = takeTableRows(table, [0, 1, 2]);
 */
export function takeTableRows(table: Table, rows: ArrayLike<number>): Table {
  const picked = Int32Array.from(rows);
  for (const row of picked) {
    if (!(row >= 0 && row < table.nRows)) {
      throw new ShapeError(`takeTableRows: row ${row} of a table with ${table.nRows} rows`);
    }
  }
  const columns = table.columns.map((column) => takeColumnRows(column, picked));
  const rowNumbers = columns.length === 0 ? undefined : picked.map((row) => table.rowNumber(row));
  return new Table(columns, table.source, rowNumbers);
}

/** Rows of one column; −1 gives a missing value. */
export function takeColumnRows(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case "number": {
      const values = new Float64Array(rows.length);
      const valid = new Uint8Array(rows.length);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] ?? -1;
        values[i] = column.values[row] ?? Number.NaN;
        valid[i] = column.valid[row] ?? 0;
      }
      return { ...column, values, valid };
    }
    case "category":
      return { ...column, codes: rows.map((row) => column.codes[row] ?? -1) };
    case "formula":
    case "grade":
    case "text":
      return { ...column, texts: Array.from(rows, (row) => column.texts[row]) };
  }
}
