import { compositionKey } from "../composition/composition.ts";
import { tryParseFormula } from "../composition/parseFormula.ts";
import type { Column } from "./column.ts";
import { resolveColumn } from "./resolveColumn.ts";
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
    const own = codesOf(resolveColumn(table, name));
    let most = -1;
    for (const code of own) if (code > most) most = code;
    const pairs = new Map<number, number>();
    codes = codes.map((code, i) => {
      const key = code * (most + 2) + (own[i] ?? -1) + 1; // exact: codes are below the number of rows
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
  if (column.kind === "number") {
    const index = new Map<number, number>(); // a Map takes 0 and −0 for one key
    return Int32Array.from(column.values, (value, i) => (column.valid[i] === 0 ? -1 : codeIn(index, value)));
  }
  const codes = new Map<string, number>();
  const index = new Map<string, number>();
  return Int32Array.from(column.texts, (text) => {
    if (text === undefined) return -1;
    const known = codes.get(text);
    if (known !== undefined) return known;
    const code = codeIn(index, column.kind === "formula" ? formulaKey(text) : text);
    codes.set(text, code);
    return code;
  });
}

function codeIn<K>(index: Map<K, number>, key: K): number {
  const code = index.get(key) ?? index.size;
  index.set(key, code);
  return code;
}

function formulaKey(text: string): string {
  const composition = tryParseFormula(text);
  return composition === undefined ? text : compositionKey(composition);
}
