import { at, BASE, element, half, minimum, STRIP } from "./memory";
import { product } from "./product";
import { addRow, divideRow } from "./row";

/** Solves T X = B in place for a small triangle, 128 columns of B at a time so that they stay in the nearest cache. */
function leftBase(
  n: i32,
  m: i32,
  t: usize,
  tRow: i32,
  tColumn: i32,
  isUpper: bool,
  isUnit: bool,
  b: usize,
  bRow: i32,
): void {
  for (let start = 0; start < m; start += 128) {
    const count = minimum(128, m - start);
    const block = at(b, start);
    for (let step = 0; step < n; step++) {
      const i = isUpper ? n - 1 - step : step;
      const row = element(block, i, bRow, 0, 0);
      const from = isUpper ? i + 1 : 0;
      const to = isUpper ? n : i;
      for (let k = from; k < to; k++) {
        addRow(count, -load<f64>(element(t, i, tRow, k, tColumn)), element(block, k, bRow, 0, 0), row);
      }
      if (!isUnit) divideRow(count, load<f64>(element(t, i, tRow, i, tColumn)), row);
    }
  }
}

/** Solves T X = B in place: T triangular n × n (transposed by exchanging its strides), B n × m. */
export function solveLeft(
  n: i32,
  m: i32,
  t: usize,
  tRow: i32,
  tColumn: i32,
  isUpper: bool,
  isUnit: bool,
  b: usize,
  bRow: i32,
): void {
  if (n <= BASE) {
    leftBase(n, m, t, tRow, tColumn, isUpper, isUnit, b, bRow);
    return;
  }
  const n1 = half(n);
  const n2 = n - n1;
  const t22 = element(t, n1, tRow, n1, tColumn);
  const b2 = element(b, n1, bRow, 0, 0);
  if (isUpper) {
    solveLeft(n2, m, t22, tRow, tColumn, true, isUnit, b2, bRow);
    product(n1, m, n2, -1, element(t, 0, 0, n1, tColumn), tRow, tColumn, b2, bRow, 1, b, bRow, false);
    solveLeft(n1, m, t, tRow, tColumn, true, isUnit, b, bRow);
  } else {
    solveLeft(n1, m, t, tRow, tColumn, false, isUnit, b, bRow);
    product(n2, m, n1, -1, element(t, n1, tRow, 0, 0), tRow, tColumn, b, bRow, 1, b2, bRow, false);
    solveLeft(n2, m, t22, tRow, tColumn, false, isUnit, b2, bRow);
  }
}

/** Inverse of a lower triangle in place; above the diagonal it holds zeros. `work` takes a quarter of its size. */
export function invertLower(n: i32, l: usize, stride: i32, work: usize): void {
  if (n <= BASE) {
    for (let j = 0; j < n; j++) {
      store<f64>(element(l, j, stride, j, 1), 1 / load<f64>(element(l, j, stride, j, 1)));
      for (let i = j + 1; i < n; i++) {
        let sum: f64 = 0;
        for (let k = j; k < i; k++)
          sum -= load<f64>(element(l, i, stride, k, 1)) * load<f64>(element(l, k, stride, j, 1));
        store<f64>(element(l, i, stride, j, 1), sum / load<f64>(element(l, i, stride, i, 1)));
      }
    }
    return;
  }
  const n1 = half(n);
  const n2 = n - n1;
  const l21 = element(l, n1, stride, 0, 0);
  const l22 = at(l21, n1);
  invertLower(n1, l, stride, work);
  invertLower(n2, l22, stride, work);
  memory.fill(work, 0, ((n1 as usize) * (n2 as usize)) << 3);
  product(n2, n1, n2, 1, l22, stride, 1, l21, stride, 1, work, n1, false);
  for (let i = 0; i < n2; i++) memory.fill(element(l21, i, stride, 0, 0), 0, (n1 as usize) << 3);
  product(n2, n1, n1, -1, work, n1, 1, l, stride, 1, l21, stride, false);
}

/** C += Lᵀ L for a lower triangle with zeros above it; the lower triangle of C is complete. */
export function lowerGram(n: i32, l: usize, stride: i32, c: usize): void {
  for (let i = 0; i < n; i += STRIP) {
    const rows = minimum(STRIP, n - i);
    const from = element(l, i, stride, 0, 0);
    const target = element(c, i, stride, 0, 0);
    if (i > 0) product(rows, i, n - i, 1, at(from, i), 1, stride, from, stride, 1, target, stride, false);
    product(rows, rows, n - i, 1, at(from, i), 1, stride, at(from, i), stride, 1, at(target, i), stride, true);
  }
}

/** Copies the lower triangle above the diagonal, in squares that fit the nearest cache. */
export function mirrorLower(n: i32, a: usize): void {
  for (let ib = 0; ib < n; ib += 32) {
    for (let jb = 0; jb <= ib; jb += 32) {
      const iEnd = minimum(ib + 32, n);
      for (let i = ib; i < iEnd; i++) {
        const jEnd = minimum(jb + 32, i);
        for (let j = jb; j < jEnd; j++) store<f64>(element(a, j, n, i, 1), load<f64>(element(a, i, n, j, 1)));
      }
    }
  }
}

/** Sets everything above the diagonal to zero. */
export function clearUpper(n: i32, a: usize): void {
  for (let i = 0; i < n; i++) memory.fill(element(a, i, n, i + 1, 1), 0, ((n - 1 - i) as usize) << 3);
}
