import { at, BASE, element, half } from "./memory";
import { product } from "./product";
import { addRow, swapRows } from "./row";
import { solveLeft } from "./triangle";

/**
 * LU factors with partial pivoting, P A = L U, of the m × n columns that start at `first` of a matrix of order `stride`;
 * whole rows are exchanged, and pivots[j] is the row that column j's pivot came from.
 *
 * @returns 0, or the 1-based column whose pivot is zero
 */
function luColumns(m: i32, n: i32, a: usize, first: i32, stride: i32, pivots: usize): i32 {
  const corner = element(a, first, stride, first, 1);
  if (n === 1) {
    let best = 0;
    let size: f64 = -1;
    for (let i = 0; i < m; i++) {
      const value = Math.abs(load<f64>(element(corner, i, stride, 0, 0)));
      if (value > size) {
        size = value;
        best = i;
      }
    }
    store<i32>(pivots + ((first as usize) << 2), first + best);
    if (!(size > 0)) return first + 1;
    if (best > 0) swapRows(stride, element(a, first, stride, 0, 0), element(a, first + best, stride, 0, 0));
    const pivot = load<f64>(corner);
    for (let i = 1; i < m; i++) {
      const target = element(corner, i, stride, 0, 0);
      store<f64>(target, load<f64>(target) / pivot);
    }
    return 0;
  }
  const n1 = n > BASE ? half(n) : n >> 1;
  const n2 = n - n1;
  const left = luColumns(m, n1, a, first, stride, pivots);
  if (left !== 0) return left;
  const right = at(corner, n1);
  const below = element(corner, n1, stride, 0, 0);
  solveLeft(n1, n2, corner, stride, 1, false, true, right, stride);
  if (n1 >= 4) product(m - n1, n2, n1, -1, below, stride, 1, right, stride, 1, at(below, n1), stride, false);
  else {
    for (let i = 0; i < m - n1; i++) {
      const row = element(below, i, stride, 0, 0);
      for (let k = 0; k < n1; k++) addRow(n2, -load<f64>(at(row, k)), element(right, k, stride, 0, 0), at(row, n1));
    }
  }
  return luColumns(m - n1, n2, a, first + n1, stride, pivots);
}

/** LU factors of an n × n matrix in place, see luColumns. */
export function lu(n: i32, a: usize, pivots: usize): i32 {
  return n === 0 ? 0 : luColumns(n, n, a, 0, n, pivots);
}
