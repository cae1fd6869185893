import { at, BASE, COLUMN, element, half, minimum } from "./memory";
import { product } from "./product";

/** Factors the lower triangle of a small matrix in place; 0 or the 1-based row of a pivot that is not positive. */
function choleskyBase(n: i32, a: usize, stride: i32): i32 {
  for (let j = 0; j < n; j++) {
    const rowJ = element(a, j, stride, 0, 0);
    let pivot = load<f64>(at(rowJ, j));
    for (let k = 0; k < j; k++) {
      const l = load<f64>(at(rowJ, k));
      pivot -= l * l;
    }
    if (!(pivot > 0) || pivot === Infinity) return j + 1;
    const root = Math.sqrt(pivot);
    store<f64>(at(rowJ, j), root);
    for (let i = j + 1; i < n; i++) {
      const rowI = element(a, i, stride, 0, 0);
      let sum = load<f64>(at(rowI, j));
      for (let k = 0; k < j; k++) sum -= load<f64>(at(rowI, k)) * load<f64>(at(rowJ, k));
      store<f64>(at(rowI, j), sum / root);
    }
  }
  return 0;
}

/** Solves X Lᵀ = B in place for a small triangle: four rows of B at a time, transposed so that lanes are rows. */
function rightBase(m: i32, n: i32, l: usize, lRow: i32, b: usize, bRow: i32): void {
  const rowBytes = (bRow as usize) << 3;
  for (let r = 0; r < m; r += 4) {
    const rows = minimum(4, m - r);
    const b0 = element(b, r, bRow, 0, 0);
    const b1 = rows > 1 ? b0 + rowBytes : b0;
    const b2 = rows > 2 ? b1 + rowBytes : b0;
    const b3 = rows > 3 ? b2 + rowBytes : b0;
    let column = COLUMN;
    for (let j = 0; j < n; j++) {
      let low = f64x2.replace_lane(f64x2.splat(load<f64>(at(b0, j))), 1, load<f64>(at(b1, j)));
      let high = f64x2.replace_lane(f64x2.splat(load<f64>(at(b2, j))), 1, load<f64>(at(b3, j)));
      let from = element(l, j, lRow, 0, 0);
      for (let x = COLUMN; x < column; x += 32) {
        const factor = v128.load64_splat(from);
        low = f64x2.sub(low, f64x2.mul(factor, v128.load(x)));
        high = f64x2.sub(high, f64x2.mul(factor, v128.load(x, 16)));
        from += 8;
      }
      const pivot = v128.load64_splat(from);
      v128.store(column, f64x2.div(low, pivot));
      v128.store(column, f64x2.div(high, pivot), 16);
      column += 32;
    }
    for (let i = 0; i < rows; i++) {
      const row = b0 + (i as usize) * rowBytes;
      for (let j = 0; j < n; j++) store<f64>(at(row, j), load<f64>(at(COLUMN, j * 4 + i)));
    }
  }
}

/** Solves X Lᵀ = B in place: B is m × n, L lower n × n. */
function solveRight(m: i32, n: i32, l: usize, lRow: i32, b: usize, bRow: i32): void {
  if (n <= BASE) {
    rightBase(m, n, l, lRow, b, bRow);
    return;
  }
  const n1 = half(n);
  const n2 = n - n1;
  solveRight(m, n1, l, lRow, b, bRow);
  product(m, n2, n1, -1, b, bRow, 1, element(l, n1, lRow, 0, 0), 1, lRow, at(b, n1), bRow, false);
  solveRight(m, n2, element(l, n1, lRow, n1, 1), lRow, at(b, n1), bRow);
}

/**
 * Cholesky factor of a symmetric matrix in place, lower triangle; what lies above the diagonal is left in disorder.
 *
 * @returns 0, or the 1-based row of the first pivot that is not positive
 */
export function cholesky(n: i32, a: usize, stride: i32): i32 {
  if (n <= BASE) return choleskyBase(n, a, stride);
  const n1 = half(n);
  const n2 = n - n1;
  const below = element(a, n1, stride, 0, 0);
  const rest = at(below, n1);
  const first = cholesky(n1, a, stride);
  if (first !== 0) return first;
  solveRight(n2, n1, a, stride, below, stride);
  product(n2, n2, n1, -1, below, stride, 1, below, 1, stride, rest, stride, true);
  const second = cholesky(n2, rest, stride);
  return second === 0 ? 0 : second + n1;
}
