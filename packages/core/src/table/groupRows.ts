import { compositionKey } from "../composition/composition.ts";
import { valueCodes } from "../kernels/index.ts";
import type { Column } from "./column.ts";
import { type CompositionKind, isCompositionKind, tryCompositionOfText } from "./compositionOfText.ts";
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
    const pairs = Float64Array.from(codes);
    for (let i = 0; i < pairs.length; i++) {
      pairs[i] = (codes[i] ?? 0) * (most + 2) + (own[i] ?? -1) + 1; // exact: codes are below the number of rows
    }
    ({ codes, nDifferent: nGroups } = numberCodes(pairs));
  }
  return { codes, nGroups };
}

/** Codes of equal values, −1 for missing. */
export function codesOf(column: Column): Int32Array {
  if (column.kind === "category") return column.codes;
  if (column.kind === "number") {
    return numberCodes(column.values, column.valid).codes;
  }
  const { kind } = column;
  const codes = new Map<string, number>();
  const index = new Map<string, number>();
  return Int32Array.from(column.texts, (text) => {
    if (text === undefined) return -1;
    const known = codes.get(text);
    if (known !== undefined) return known;
    const code = codeIn(index, isCompositionKind(kind) ? compositionTextKey(text, kind) : text);
    codes.set(text, code);
    return code;
  });
}

/** Codes of equal numbers in the order of first appearance, −1 where `valid` is 0; 0 equals −0, NaN equals NaN. */
export function numberCodes(
  values: Float64Array,
  valid: Uint8Array = new Uint8Array(values.length).fill(1),
): { readonly codes: Int32Array<ArrayBuffer>; readonly nDifferent: number } {
  const n = values.length;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * n + 2))).fill(-1);
  const codes = new Int32Array(n);
  const nDifferent = valueCodes(n, values, valid, slots, codes);
  return { codes, nDifferent };
}

function codeIn(index: Map<string, number>, key: string): number {
  const code = index.get(key) ?? index.size;
  index.set(key, code);
  return code;
}

function compositionTextKey(text: string, kind: CompositionKind): string {
  const composition = tryCompositionOfText(text, kind);
  return composition === undefined ? text : compositionKey(composition);
}
