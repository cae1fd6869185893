import { groupRows, type Table } from "@materiome/core";

/** Rows that agree with another row, of another group, in all inputs but one. */
export interface NearRepeats {
  readonly column: string;
  readonly nRows: number;
}

/** Inputs from which on agreement in all but one says something: a plan of two or three factors agrees by design. */
const FEWEST_INPUTS = 4;
/** Share of the rows from which on it is worth a word. */
const MANY = 0.2;

/**
 * The input in which most rows differ alone from another row (other value, other group), if those are at least a fifth of
 * all rows: one mix at several ages, one heat at several temperatures. Costs one pass over the table.
 *
 * @param groups - group of each row
 */
export function findNearRepeats(table: Table, inputs: readonly string[], groups: Int32Array): NearRepeats | undefined {
  const { nRows } = table;
  if (inputs.length < FEWEST_INPUTS || nRows === 0) return undefined;
  const own = inputs.map((name) => groupRows(table, [name]).codes);
  const before = runningCodes(own, nRows);
  const after = runningCodes([...own].reverse(), nRows).reverse();
  let most: NearRepeats | undefined;
  for (const [k, column] of inputs.entries()) {
    const { kind } = table.column(column);
    if (kind === "formula" || kind === "grade") continue; // another formula is another alloy, not the same one again
    // Codes of all inputs before this one, and of all after it.
    const others = pairCodes(before[k] as Int32Array, after[k + 1] as Int32Array); // inputs.length + 1 of each
    const count = countMixed(others, own[k] as Int32Array, groups);
    if (count >= MANY * nRows && count > (most?.nRows ?? 0)) most = { column, nRows: count };
  }
  return most;
}

/** Entry k: equal codes for rows that agree in the first k columns. */
function runningCodes(columns: readonly Int32Array[], nRows: number): Int32Array[] {
  const codes: Int32Array[] = [new Int32Array(nRows)];
  for (const column of columns) codes.push(pairCodes(codes.at(-1) as Int32Array, column));
  return codes;
}

/** Equal codes where both agree; codes of either are 0 … nRows − 1. */
function pairCodes(a: Int32Array, b: Int32Array): Int32Array {
  const known = new Map<number, number>();
  return a.map((code, i) => {
    const key = code * a.length + (b[i] as number); // same length
    const found = known.get(key) ?? known.size;
    known.set(key, found);
    return found;
  });
}

/** Rows of classes that hold several values and several groups. */
function countMixed(classes: Int32Array, values: Int32Array, groups: Int32Array): number {
  const seen = new Map<number, { readonly value: number; readonly group: number; n: number; mixed: number }>();
  for (const [i, code] of classes.entries()) {
    const value = values[i] as number; // one per row, here and below
    const group = groups[i] as number;
    const entry = seen.get(code);
    if (entry === undefined) seen.set(code, { value, group, n: 1, mixed: 0 });
    else {
      entry.n++;
      entry.mixed |= (entry.value === value ? 0 : 1) | (entry.group === group ? 0 : 2);
    }
  }
  return [...seen.values()].reduce((sum, { n, mixed }) => sum + (mixed === 3 ? n : 0), 0);
}
