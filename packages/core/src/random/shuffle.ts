import type { Random } from "./random.ts";

/**
 * 0 … n − 1 in random order, all orders equally likely (Fisher–Yates, from the last place to the first).
 *
 * @param n - whole number of at least 0
 * @example
 * for (const row of shuffle(table.nRows, random)) console.log(table.rowNumber(row));
 */
export function shuffle(n: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = n - 1; k > 0; k--) {
    const other = random.int(k + 1);
    const i = order[k] as number; // k, other < n
    order[k] = order[other] as number;
    order[other] = i;
  }
  return order;
}
