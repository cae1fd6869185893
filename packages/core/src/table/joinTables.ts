import { DataError } from "../errors/errors.ts";
import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";
import { takeColumnRows } from "./takeTableRows.ts";

export interface JoinTablesOptions {
  /** Name of the column that identifies rows, in both tables. */
  readonly on: string;
  /** Its name in the right table, where it differs. @defaultValue `on` */
  readonly rightOn?: string | undefined;
  /** What to do where the right table has no such row. @defaultValue "missing": its columns get missing values */
  readonly unmatched?: "missing" | "error" | undefined;
}

/**
 * Left join: every row of `left`, with the columns of the one row of `right` that has the same id. Several left rows may
 * share a right row (specimens of one heat).
 *
 * @throws DataError if an id occurs twice in `right`, both have a further column of one name, a column is missing, or a
 * row has no partner and `unmatched` is "error"
 * @example
 * joinTables(tests, heats, { on: "heat" });
 */
export function joinTables(left: Table, right: Table, options: JoinTablesOptions): Table {
  const leftKey = resolveColumn(left, options.on);
  const rightKey = resolveColumn(right, options.rightOn ?? options.on);
  const rowOf = new Map<string, number>();
  for (const [i, id] of columnTexts(rightKey).entries()) {
    if (id === undefined) continue;
    const earlier = rowOf.get(id);
    if (earlier !== undefined) {
      throw new DataError(
        `"${id}" occurs twice (rows ${right.rowNumber(earlier)} and ${right.rowNumber(i)}); ids to join by must be unique`,
        { location: { file: right.source, row: right.rowNumber(i), column: rightKey.name } },
      );
    }
    rowOf.set(id, i);
  }
  const rows = Int32Array.from(columnTexts(leftKey), (id) => (id === undefined ? -1 : (rowOf.get(id) ?? -1)));
  const lonely = rows.indexOf(-1);
  if (options.unmatched === "error" && lonely >= 0) {
    throw new DataError(`"${columnTexts(leftKey)[lonely] ?? ""}" has no row in ${right.source ?? "the right table"}`, {
      location: { file: left.source, row: left.rowNumber(lonely), column: leftKey.name },
    });
  }
  const added: Column[] = [];
  for (const column of right.columns) {
    if (column.name === rightKey.name) continue;
    if (left.has(column.name)) {
      throw new DataError(`both tables have a column "${column.name}"; rename one or leave it out`, {
        location: { file: right.source, column: column.name },
      });
    }
    added.push(takeColumnRows(column, rows));
  }
  return new Table([...left.columns, ...added], left.source, left.rowNumbers);
}
