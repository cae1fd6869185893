import { type Column, createNumberColumn, isPresent, type Table } from "@materiome/core";
import { atomicFractions, type Composition, compositionsOf } from "@materiome/core/composition";
import { isComposition } from "./featureGaps.ts";

/**
 * Columns by which two rows are compared: a formula gives one of numbers for each element in it (at%), since two long formulas side by
 * side show nobody where they differ.
 */
export function comparedColumns(table: Table, columns: readonly Column[]): Column[] {
  const formulas = columns.filter(isComposition);
  return columns.flatMap((column) => {
    if (!isComposition(column)) return [column];
    const compositions = compositionsOf(table, column);
    const known = new Map<Composition, ReadonlyMap<string, number>>();
    for (const composition of compositions) {
      if (composition !== undefined && !known.has(composition)) known.set(composition, atomicFractions(composition));
    }
    const elements = [...new Set([...known.values()].flatMap((shares) => [...shares.keys()]))];
    return elements.map((element) => {
      const name = formulas.length > 1 ? `${column.name}: ${element}` : element;
      const percents = compositions.map((composition, i) => {
        if (composition === undefined || !isPresent(column, i)) return Number.NaN;
        return Number((100 * (known.get(composition)?.get(element) ?? 0)).toPrecision(3));
      });
      return createNumberColumn(name, percents, { role: "composition", unit: "at%" });
    });
  });
}
