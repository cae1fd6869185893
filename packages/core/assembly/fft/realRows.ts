import { line } from "./axis";
import { turned } from "./complex";
import { word } from "./plan";

/**
 * Transforms `rows` real rows of length n at `x` to half spectra of ⌊n / 2⌋ + 1 numbers at `y`. Two rows a and b go as
 * one complex row z = a + i b; A_k = (Z_k + Z̄_{n−k}) / 2, B_k = (Z_k − Z̄_{n−k}) / 2i. `pair` takes n + 1 numbers.
 */
export function realRows(plan: usize, rows: i32, x: usize, y: usize, pair: usize, work: usize): void {
  const n = word(plan, 0);
  const last = n >> 1;
  const outBytes = ((last + 1) as usize) << 4;
  const half = f64x2.splat(0.5);
  for (let r = 0; r < rows; r += 2) {
    const isPair = r + 1 < rows;
    let a = x + (((r as usize) * (n as usize)) << 3);
    let b = a + ((n as usize) << 3);
    let z = pair;
    let j = 0;
    if (isPair) {
      for (; j + 2 <= n; j += 2) {
        const va = v128.load(a);
        const vb = v128.load(b);
        v128.store(z, v128.shuffle<f64>(va, vb, 0, 2));
        v128.store(z, v128.shuffle<f64>(va, vb, 1, 3), 16);
        a += 16;
        b += 16;
        z += 32;
      }
    }
    for (; j < n; j++) {
      store<f64>(z, load<f64>(a));
      store<f64>(z, isPair ? load<f64>(b) : 0, 8);
      a += 8;
      b += 8;
      z += 16;
    }
    if (n > 1) line(plan, pair, work);
    const end = pair + ((n as usize) << 4);
    v128.store(end, v128.load(pair));
    let upper = y + (r as usize) * outBytes;
    let lower = upper + outBytes;
    for (let k = 0; k <= last; k++) {
      const p = v128.load(pair + ((k as usize) << 4));
      const q = v128.xor(v128.load(end - ((k as usize) << 4)), f64x2(0, -0.0));
      v128.store(upper, f64x2.mul(half, f64x2.add(p, q)));
      upper += 16;
      if (isPair) {
        v128.store(lower, f64x2.mul(half, turned(f64x2.sub(p, q), f64x2(0, -0.0))));
        lower += 16;
      }
    }
  }
}

/** The way back: half spectra at `y` to real rows at `x`, times `scale`. Imaginary parts of real coefficients are ignored. */
export function inverseRealRows(
  plan: usize,
  rows: i32,
  y: usize,
  x: usize,
  scale: f64,
  pair: usize,
  work: usize,
): void {
  const n = word(plan, 0);
  const last = n >> 1;
  const inBytes = ((last + 1) as usize) << 4;
  const forward = f64x2(0, -0.0);
  const backward = f64x2(-0.0, 0);
  const factor = f64x2.splat(scale);
  for (let r = 0; r < rows; r += 2) {
    const isPair = r + 1 < rows;
    const upper = y + (r as usize) * inBytes;
    const lower = isPair ? upper + inBytes : upper;
    const end = pair + ((n as usize) << 4);
    for (let k = 0; k <= last; k++) {
      const offset = (k as usize) << 4;
      let a = v128.load(upper + offset);
      let b = isPair ? v128.load(lower + offset) : f64x2.splat(0);
      if (k === 0 || 2 * k === n) {
        a = f64x2.replace_lane(a, 1, 0);
        b = f64x2.replace_lane(b, 1, 0);
      } else {
        // Z_{n−k} = conj(A_k) + i conj(B_k)
        v128.store(end - offset, f64x2.add(v128.xor(a, forward), turned(v128.xor(b, forward), backward)));
      }
      v128.store(pair + offset, f64x2.add(a, turned(b, backward)));
    }
    if (n > 1) line(plan, pair, work);
    let a = x + (((r as usize) * (n as usize)) << 3);
    let b = a + ((n as usize) << 3);
    let z = pair;
    let j = 0;
    if (isPair) {
      for (; j + 2 <= n; j += 2) {
        const p = f64x2.mul(factor, v128.load(z));
        const q = f64x2.mul(factor, v128.load(z, 16));
        v128.store(a, v128.shuffle<f64>(p, q, 0, 2));
        v128.store(b, v128.shuffle<f64>(p, q, 1, 3));
        a += 16;
        b += 16;
        z += 32;
      }
    }
    for (; j < n; j++) {
      store<f64>(a, scale * load<f64>(z));
      if (isPair) store<f64>(b, scale * load<f64>(z, 8));
      a += 8;
      b += 8;
      z += 16;
    }
  }
}
