import { type Column, columnTexts, DataError, type Table } from "@materiome/core";
import type { FixedInput } from "@materiome/inverse";

/** Columns that name what several rows have in common: heat, lot, build. */
export function groupColumns(table: Table): readonly Column[] {
  return table.columns.filter((column) => {
    const names = columnTexts(column).filter((text) => text !== undefined);
    return column.role === "group" && new Set(names).size < names.length;
  });
}

/**
 * The heat (lot, build) in hand as a given input, so that results of others teach and are not taken for its own.
 *
 * @param fix - values by name of column, of which some name such a column; a heat of which there are no rows yet, too
 * @param context - row of the table to take the others from; none are given without one
 * @throws DataError where that row does not name its heat
 */
export function groupsInHand(
  table: Table,
  fix: Readonly<Record<string, string>>,
  context: number | undefined,
): readonly FixedInput[] {
  return groupColumns(table).flatMap((column): readonly FixedInput[] => {
    const { name, role } = column;
    const own = fix[name] ?? (context === undefined ? undefined : columnTexts(column)[context]);
    if (own === undefined && context === undefined) return [];
    if (own === undefined) {
      throw new DataError(`"${name}" is empty; give it (--fix "${name}=…"), or take another row`, {
        location: { file: table.source, row: table.rowNumber(context ?? 0), column: name },
      });
    }
    const why = fix[name] === undefined ? "context" : "fixed";
    return [{ name, role, unit: "", columnKind: "category", value: own, why }];
  });
}
