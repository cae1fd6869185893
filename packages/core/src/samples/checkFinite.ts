import { DataError } from "../errors/errors.ts";
import { shortened } from "../table/aggregateRows.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";

/** A cell that holds no finite number. */
export interface NonFiniteCell {
  /** Row of the file. */
  readonly row: number;
  readonly column: string;
  readonly value: number;
  /** True where the table says that there is no value; false for NaN and ±Infinity that stand there as values. */
  readonly isMissing: boolean;
}

export interface FindNonFiniteOptions {
  /** Columns to look at (names or headers). @defaultValue all number columns */
  readonly columns?: readonly string[] | undefined;
  /** Whether missing values count. @defaultValue false */
  readonly missing?: boolean | undefined;
}

/**
 * Every cell of the number columns that is NaN or infinite, column by column; on request also the missing ones.
 *
 * @throws DataError if a column does not exist or is not numeric
 * @example
 * findNonFinite(table, { missing: true }).length;
 */
export function findNonFinite(table: Table, options: FindNonFiniteOptions = {}): NonFiniteCell[] {
  const columns =
    options.columns?.map((name) => table.number(resolveColumn(table, name).name)) ??
    table.columns.filter((column) => column.kind === "number");
  const cells: NonFiniteCell[] = [];
  for (const column of columns) {
    for (const [i, value] of column.values.entries()) {
      const isMissing = column.valid[i] === 0;
      if (isMissing ? options.missing !== true : Number.isFinite(value)) continue;
      cells.push({ row: table.rowNumber(i), column: column.name, value, isMissing });
    }
  }
  return cells;
}

/**
 * Refuses a table with NaN or ±Infinity among its numbers (missing values only on request), naming all of them.
 *
 * @throws DataError with the first twenty places and the number of all
 * @example
 * checkFinite(table, { columns: ["C", "Mn"], missing: true });
 */
export function checkFinite(table: Table, options: FindNonFiniteOptions = {}): void {
  const cells = findNonFinite(table, options);
  const [first] = cells;
  if (first === undefined) return;
  const lines = cells.map(
    ({ row, column, value, isMissing }) => `row ${row}, column "${column}": ${isMissing ? "missing" : value}`,
  );
  throw new DataError(
    `${cells.length} ${cells.length === 1 ? "cell holds" : "cells hold"} no finite number:\n  ${shortened(lines).join("\n  ")}\ncorrect them, leave them empty for missing, or drop the rows`,
    { location: { file: table.source } },
  );
}
