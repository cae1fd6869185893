import { isPresent } from "./columnTexts.ts";
import { filterRows } from "./filterRows.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";

export interface DropMissingRowsOptions {
  /** Columns that count (names or headers). @defaultValue all */
  readonly columns?: readonly string[] | undefined;
  /** Drop a row where any of them is missing, or only where all are. @defaultValue "any" */
  readonly where?: "any" | "all" | undefined;
}

/**
 * The rows that have values. How many went is `table.nRows − result.nRows`; which, `result.rowNumber` tells.
 *
 * @throws DataError naming the nearest columns if one does not exist
 * @example
 * dropMissingRows(table, { columns: ["Yield strength"] });
 */
export function dropMissingRows(table: Table, options: DropMissingRowsOptions = {}): Table {
  const columns = options.columns?.map((name) => resolveColumn(table, name)) ?? table.columns;
  if (columns.length === 0) return table;
  const all = options.where === "all";
  return filterRows(table, (i) =>
    all ? columns.some((column) => isPresent(column, i)) : columns.every((column) => isPresent(column, i)),
  );
}
