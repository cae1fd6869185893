// Dense f64 linear algebra for WebAssembly with 128-bit SIMD (AssemblyScript). Matrices are row-major, strides count
// elements, sizes are i32. No fused multiply-add: results are the same bits on every machine.
// Goto and van de Geijn, doi:10.1145/1356052.1356053, for the packed product; recursive factorisations after
// Gustavson, doi:10.1147/rd.416.0737, and Toledo, doi:10.1137/S0895479896297744.

const KC: i32 = 512; // depth of one packed block: a panel of 4 × 512 numbers takes 16 KiB of the first-level cache
const MC: i32 = 32; // rows of A packed at once (128 KiB)
const NC: i32 = 256; // columns of B packed at once (1 MiB)
const STRIP: i32 = 128; // rows of a Gram matrix computed at once
const BASE: i32 = 32; // order below which triangles are treated without products

const TILE: usize = 1024; // 4 × 4 numbers, where a tile hangs over the edge of C
const COLUMN: usize = TILE + 128; // BASE × 4 numbers: four rows of a panel, transposed
const PACKED_A: usize = COLUMN + (BASE as usize) * 32;
const PACKED_B: usize = PACKED_A + (MC as usize) * (KC as usize) * 8;
const DATA: usize = PACKED_B + (KC as usize) * (NC as usize) * 8;

/** First byte that is free for matrices; what lies below is work space. */
export function dataStart(): usize {
  return DATA;
}

function minimum(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

function at(base: usize, index: i32): usize {
  return base + ((index as usize) << 3);
}

/** Element (i, j) of a matrix with the given strides; the product is taken in 32 bits unsigned, as addresses are. */
function element(base: usize, i: i32, rowStride: i32, j: i32, columnStride: i32): usize {
  return base + (((i as usize) * (rowStride as usize) + (j as usize) * (columnStride as usize)) << 3);
}

/** Packs `count` vectors of length k into panels of four, so that the kernel reads them in order; the rest is zero. */
function pack(count: i32, k: i32, source: usize, vectorStride: i32, depthStride: i32, target: usize): void {
  const vectorBytes = (vectorStride as usize) << 3;
  const depthBytes = (depthStride as usize) << 3;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    let s0 = element(source, i, vectorStride, 0, 0);
    if (vectorStride === 1) {
      for (let p = 0; p < k; p++) {
        v128.store(target, v128.load(s0));
        v128.store(target, v128.load(s0, 16), 16);
        s0 += depthBytes;
        target += 32;
      }
    } else {
      let s1 = s0 + vectorBytes;
      let s2 = s1 + vectorBytes;
      let s3 = s2 + vectorBytes;
      let p = 0;
      for (; p + 2 <= k; p += 2) {
        const v0 = v128.load(s0);
        const v1 = v128.load(s1);
        const v2 = v128.load(s2);
        const v3 = v128.load(s3);
        v128.store(target, v128.shuffle<f64>(v0, v1, 0, 2));
        v128.store(target, v128.shuffle<f64>(v2, v3, 0, 2), 16);
        v128.store(target, v128.shuffle<f64>(v0, v1, 1, 3), 32);
        v128.store(target, v128.shuffle<f64>(v2, v3, 1, 3), 48);
        s0 += 16;
        s1 += 16;
        s2 += 16;
        s3 += 16;
        target += 64;
      }
      if (p < k) {
        store<f64>(target, load<f64>(s0));
        store<f64>(target, load<f64>(s1), 8);
        store<f64>(target, load<f64>(s2), 16);
        store<f64>(target, load<f64>(s3), 24);
        target += 32;
      }
    }
  }
  if (i < count) {
    const rest = count - i;
    const start = element(source, i, vectorStride, 0, 0);
    for (let p = 0; p < k; p++) {
      for (let r = 0; r < 4; r++) {
        const value = r < rest ? load<f64>(element(start, r, vectorStride, p, depthStride)) : 0;
        store<f64>(at(target, r), value);
      }
      target += 32;
    }
  }
}

/** C += alpha · A B for one 4 × 4 tile over packed panels. */
function tile(k: i32, a: usize, b: usize, alpha: f64, c: usize, rowBytes: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  let p = k;
  // Pairs of A are loaded and spread in registers: broadcasts from memory are slower by a tenth.
  for (; p >= 2; p -= 2) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let v = v128.load(a);
    let x = v128.shuffle<f64>(v, v, 0, 0);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    v = v128.load(a, 16);
    x = v128.shuffle<f64>(v, v, 0, 0);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    v = v128.load(a, 32);
    x = v128.shuffle<f64>(v, v, 0, 0);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    v = v128.load(a, 48);
    x = v128.shuffle<f64>(v, v, 0, 0);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    a += 64;
    b += 64;
  }
  if (p > 0) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let v = v128.load(a);
    let x = v128.shuffle<f64>(v, v, 0, 0);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    v = v128.load(a, 16);
    x = v128.shuffle<f64>(v, v, 0, 0);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.shuffle<f64>(v, v, 1, 1);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
  }
  const scale = f64x2.splat(alpha);
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(scale, c00)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(scale, c01)), 16);
  c += rowBytes;
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(scale, c10)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(scale, c11)), 16);
  c += rowBytes;
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(scale, c20)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(scale, c21)), 16);
  c += rowBytes;
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(scale, c30)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(scale, c31)), 16);
}

/** One tile at the edge of C, of which only `rows` × `columns` exist. */
function edgeTile(k: i32, a: usize, b: usize, alpha: f64, c: usize, stride: i32, rows: i32, columns: i32): void {
  memory.fill(TILE, 0, 128);
  tile(k, a, b, alpha, TILE, 32);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = element(c, i, stride, j, 1);
      store<f64>(target, load<f64>(target) + load<f64>(at(TILE, i * 4 + j)));
    }
  }
}

/**
 * C += alpha · A B with A m × k, B k × n and C m × n; C has rows `cRow` elements apart. One stride of A and one of B is
 * 1. With `isLower` only tiles that reach the lower triangle of C are computed; those on its diagonal are written whole.
 */
export function product(
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  isLower: bool,
): void {
  const rowBytes = (cRow as usize) << 3;
  for (let jc = 0; jc < n; jc += NC) {
    const nc = minimum(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = minimum(KC, k - pc);
      pack(nc, kc, element(b, pc, bRow, jc, bColumn), bColumn, bRow, PACKED_B);
      for (let ic = 0; ic < m; ic += MC) {
        const mc = minimum(MC, m - ic);
        if (isLower && jc > ic + mc - 1) continue;
        pack(mc, kc, element(a, ic, aRow, pc, aColumn), aRow, aColumn, PACKED_A);
        for (let jr = 0; jr < nc; jr += 4) {
          const j = jc + jr;
          const columns = minimum(4, n - j);
          const panelB = at(PACKED_B, jr * kc);
          let ir = 0;
          if (isLower && j > ic + 3) ir = (j - ic) & ~3;
          for (; ir < mc; ir += 4) {
            const i = ic + ir;
            const rows = minimum(4, m - i);
            const panelA = at(PACKED_A, ir * kc);
            const target = element(c, i, cRow, j, 1);
            if (rows === 4 && columns === 4) tile(kc, panelA, panelB, alpha, target, rowBytes);
            else edgeTile(kc, panelA, panelB, alpha, target, cRow, rows, columns);
          }
        }
      }
    }
  }
}

/** Half of n, rounded up to whole bases, so that the recursion meets full bases. */
function half(n: i32): i32 {
  return ((n + 2 * BASE - 1) / (2 * BASE)) * BASE;
}

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

/** row += factor · other, over `count` numbers. */
function addRow(count: i32, factor: f64, other: usize, row: usize): void {
  const f = f64x2.splat(factor);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    v128.store(row, f64x2.add(v128.load(row), f64x2.mul(f, v128.load(other))));
    v128.store(row, f64x2.add(v128.load(row, 16), f64x2.mul(f, v128.load(other, 16))), 16);
    row += 32;
    other += 32;
  }
  for (; j < count; j++) {
    store<f64>(row, load<f64>(row) + factor * load<f64>(other));
    row += 8;
    other += 8;
  }
}

function divideRow(count: i32, divisor: f64, row: usize): void {
  for (let j = 0; j < count; j++) {
    store<f64>(row, load<f64>(row) / divisor);
    row += 8;
  }
}

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

function swapRows(count: i32, a: usize, b: usize): void {
  for (let j = 0; j < count; j++) {
    const value = load<f64>(a);
    store<f64>(a, load<f64>(b));
    store<f64>(b, value);
    a += 8;
    b += 8;
  }
}

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
