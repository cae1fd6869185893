import { at, element, KC, MC, minimum, NC, PACKED_A, PACKED_B, TILE } from "./memory";

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
  // Pairs of A are loaded and spread in registers: broadcasts from memory were slower.
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
