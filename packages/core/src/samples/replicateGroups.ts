import { DataError } from "../errors/errors.ts";
import { isPresent } from "../table/columnTexts.ts";
import { groupRows, type RowGroups } from "../table/groupRows.ts";
import { inputColumnsFor } from "../table/inputColumns.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";

/**
 * Rows that agree in all the columns given, or in all inputs; a row in which every one of them is missing stands alone.
 *
 * @throws DataError if a column does not exist, or there are no inputs to compare
 */
export function replicateGroups(
  table: Table,
  asked: readonly string[] | undefined,
): { readonly groups: RowGroups; readonly by: readonly string[] } {
  const columns = asked?.map((name) => resolveColumn(table, name)) ?? inputColumnsFor(table, []);
  if (columns.length === 0) {
    throw new DataError(
      "there are no input columns in which rows could agree; name columns, or declare roles in a schema",
      { location: { file: table.source } },
    );
  }
  const by = columns.map((column) => column.name);
  const equal = groupRows(table, by);
  const known = new Map<number, number>();
  let nGroups = 0;
  const codes = equal.codes.map((code, i) => {
    if (!columns.some((column) => isPresent(column, i))) return nGroups++;
    const own = known.get(code) ?? nGroups++;
    known.set(code, own);
    return own;
  });
  return { groups: { codes, nGroups }, by };
}
