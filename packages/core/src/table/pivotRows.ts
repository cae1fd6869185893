import { DataError } from "../errors/errors.ts";
import { rowsOfGroups, shortened } from "./aggregateRows.ts";
import type { Column } from "./column.ts";
import { createNumberColumn } from "./columns.ts";
import { columnTexts } from "./columnTexts.ts";
import { codesOf, groupRows } from "./groupRows.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { type NumberSummary, summarize } from "./summarize.ts";
import { Table } from "./table.ts";
import { takeColumnRows } from "./takeTableRows.ts";

export interface PivotRowsOptions {
  /** Columns that say which rows become one (names or headers), such as a sample id. */
  readonly by: readonly string[];
  /** Column whose values become the names of new columns, such as an element. */
  readonly names: string;
  /** Number column that fills them, such as an amount. */
  readonly values: string;
  /** What several values of one cell become. @defaultValue none: an error that lists them */
  readonly repeated?: NumberSummary | undefined;
}

/**
 * One row per sample, where a file has one row per sample and quantity: rows (sample, element, wt%) become columns `C`,
 * `Mn`, … of wt%. Cells that no row fills are missing. Columns that are neither `by`, `names` nor `values` are left out,
 * unless they are the same in all rows of every sample. New columns take role and unit of `values`.
 *
 * @throws DataError if columns do not exist, a name is missing or already taken, or a cell has several values
 * @example
 * pivotRows(icp, { by: ["sample"], names: "element", values: "amount" });
 */
export function pivotRows(table: Table, options: PivotRowsOptions): Table {
  const by = options.by.map((name) => resolveColumn(table, name));
  const naming = resolveColumn(table, options.names);
  const filling = table.number(resolveColumn(table, options.values).name);
  const groups = groupRows(
    table,
    by.map((column) => column.name),
  );
  const members = rowsOfGroups(groups);
  const names = columnTexts(naming);
  const nameless = names.indexOf(undefined);
  if (nameless >= 0) {
    throw new DataError("pivotRows: the row does not say which column its value belongs to", {
      location: { file: table.source, row: table.rowNumber(nameless), column: naming.name },
    });
  }
  const cells = new Map<string, number[][]>();
  for (const [i, name] of names.entries()) {
    const column = cells.get(name ?? "") ?? Array.from({ length: groups.nGroups }, () => []);
    cells.set(name ?? "", column);
    if (filling.valid[i] !== 0) column[groups.codes[i] ?? 0]?.push(i);
  }
  const problems: string[] = [];
  const made = [...cells].map(([name, rowsOf]): Column => {
    const values = rowsOf.map((rows) => {
      if (rows.length > 1 && options.repeated === undefined) {
        problems.push(`"${name}" in rows ${rows.map((row) => table.rowNumber(row)).join(", ")}`);
      }
      return summarize(
        options.repeated ?? "first",
        rows.map((row) => filling.values[row] ?? Number.NaN),
      );
    });
    return createNumberColumn(name, values, { role: filling.role, unit: filling.unit });
  });
  if (problems.length > 0) {
    throw new DataError(
      `pivotRows: several values for one cell: ${shortened(problems).join("; ")}; say what they become by "repeated"`,
      { location: { file: table.source, column: filling.name } },
    );
  }
  const firsts = Int32Array.from(members, (rows) => rows[0] ?? -1);
  const kept = table.columns.filter((column) => {
    if (by.includes(column)) return true;
    if (column === naming || column === filling) return false;
    const codes = codesOf(column);
    return members.every((rows) => rows.every((row) => codes[row] === codes[rows[0] ?? row]));
  });
  const columns = [...kept.map((column) => takeColumnRows(column, firsts)), ...made];
  return new Table(columns, table.source, columns.length === 0 ? undefined : firsts.map((row) => table.rowNumber(row)));
}
