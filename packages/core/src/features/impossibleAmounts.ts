import type { Column } from "../table/column.ts";
import { elementColumns } from "../table/compositionsFromColumns.ts";
import type { Table } from "../table/table.ts";
import { rangesText } from "../text/rangesText.ts";
import { convertUnit } from "../units/convertUnit.ts";
import { parseUnit } from "../units/unit.ts";

const MASS = parseUnit("mass fraction").dimension;

/**
 * One sentence per input such as `C wt%` that holds amounts below 0 or above the whole. Such a column gets no role of
 * composition when roles are inferred, and would pass as a plain number, any alloy being described without it.
 */
export function impossibleAmounts(table: Table, inputs: readonly Column[]): string[] {
  return elementColumns(table).flatMap(({ element, column }) => {
    const { name, unit, role, values, valid } = column;
    if (role === "composition" || !inputs.some((input) => input.name === name)) return [];
    const most = convertUnit(1, parseUnit(unit).dimension === MASS ? "mass fraction" : "atomic fraction", unit);
    const wrong = Array.from(values.keys()).filter((i) => {
      const value = values[i] as number; // i < length
      return valid[i] !== 0 && !(value >= 0 && value <= most);
    });
    if (wrong.length === 0) return [];
    const found = wrong.slice(0, 3).map((i) => `${values[i]}`);
    const rows = rangesText(wrong.map((i) => table.rowNumber(i)));
    return [
      `"${name}" is ${found.join(", ")}${wrong.length > 3 ? ", …" : ""} ${unit} in ${rows}, but amounts of ${element} lie in 0 … ${most} ${unit}; correct the cells, or state the column's role in the schema`,
    ];
  });
}
