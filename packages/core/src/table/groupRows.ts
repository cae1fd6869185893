import { compositionKey } from "../composition/composition.ts";
import { tryParseFormula } from "../composition/parseFormula.ts";
import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import type { Table } from "./table.ts";

/** Rows sorted into groups: `codes[i]` is the group of row i, 0 … nGroups − 1 in the order of first appearance. */
export interface RowGroups {
  readonly codes: Int32Array;
  readonly nGroups: number;
}

/**
 * Groups the rows that agree in all the named columns. Missing values agree with each other, as do 0 and −0; formulas
 * agree if they mean the same composition.
 *
 * @throws DataError if a column does not exist
 * @example
 * groupRows(table, ["heat"]).nGroups;
 */
export function groupRows(table: Table, columns: readonly string[]): RowGroups {
  let codes = new Int32Array(table.nRows);
  let nGroups = table.nRows === 0 ? 0 : 1;
  for (const name of columns) {
    const own = codesOf(table.column(name));
    const pairs = new Map<string, number>();
    codes = codes.map((code, i) => {
      const key = `${code} ${own[i] ?? -1}`;
      const known = pairs.get(key) ?? pairs.size;
      pairs.set(key, known);
      return known;
    });
    nGroups = pairs.size;
  }
  return { codes, nGroups };
}

/** Codes of equal values, −1 for missing. */
export function codesOf(column: Column): Int32Array {
  if (column.kind === "category") return column.codes;
  const index = new Map<string, number>();
  const texts = columnTexts(column);
  return Int32Array.from(texts, (text) => {
    if (text === undefined) return -1;
    const key = column.kind === "formula" ? formulaKey(text) : column.kind === "number" && text === "-0" ? "0" : text;
    const code = index.get(key) ?? index.size;
    index.set(key, code);
    return code;
  });
}

function formulaKey(text: string): string {
  const composition = tryParseFormula(text);
  return composition === undefined ? text : compositionKey(composition);
}
