import { nextFraction } from "./randomState.ts";

/**
 * Draws m of the rows 0 … n − 1 without replacement (selection sampling, Fan, Muller & Rezucha 1962): they stand first in
 * `rows`, the others after them, both ascending.
 */
export function drawRows(n: number, m: number, random: Int32Array, rows: Int32Array): void {
  let drawn = 0;
  let rest = m;
  for (let i = 0; i < n; i++) {
    if (nextFraction(random) * (n - i) < m - drawn) rows[drawn++] = i;
    else rows[rest++] = i;
  }
}
