import { times, turned } from "./complex";
import { ODD } from "./plan";

// Each pass takes p from `from` to `to`: for each q and column b
//   y[r p + k, q, b] = w_p^k Σ_j ω_r^{j k} x[p + m j, q, b].
// The type parameter is a flag at compile time: i32 with roots w_p, f64 without, for p = 0.

/** Stores one result of a butterfly, times its root where there are roots. */
function put<Flag>(target: usize, value: v128, root: usize): void {
  v128.store(target, isInteger<Flag>() ? times(value, root) : value);
}

export function radix2<Flag>(
  from: i32,
  to: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  for (let p = from; p < to; p++) {
    const root = roots + (p as usize) * 24;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (2 * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        const a0 = v128.load(s);
        const a1 = v128.load(s + s1);
        v128.store(d, f64x2.add(a0, a1));
        const y1 = f64x2.sub(a0, a1);
        put<Flag>(d + d1, y1, root);
        s += 16;
        d += 16;
      }
    }
  }
}

export function radix3<Flag>(
  from: i32,
  to: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  mask: v128,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  const half = f64x2.splat(0.5);
  const sine = f64x2.splat(0.8660254037844386);
  for (let p = from; p < to; p++) {
    const root = roots + (p as usize) * 48;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (3 * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        const a0 = v128.load(s);
        const a1 = v128.load(s + s1);
        const a2 = v128.load(s + 2 * s1);
        const sum = f64x2.add(a1, a2);
        const real = f64x2.sub(a0, f64x2.mul(half, sum));
        const side = turned(f64x2.mul(sine, f64x2.sub(a1, a2)), mask);
        const y1 = f64x2.add(real, side);
        const y2 = f64x2.sub(real, side);
        v128.store(d, f64x2.add(a0, sum));
        put<Flag>(d + d1, y1, root);
        put<Flag>(d + 2 * d1, y2, root + 24);
        s += 16;
        d += 16;
      }
    }
  }
}

export function radix4<Flag>(
  from: i32,
  to: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  mask: v128,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  for (let p = from; p < to; p++) {
    const root = roots + (p as usize) * 72;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (4 * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        const a0 = v128.load(s);
        const a1 = v128.load(s + s1);
        const a2 = v128.load(s + 2 * s1);
        const a3 = v128.load(s + 3 * s1);
        const b0 = f64x2.add(a0, a2);
        const b1 = f64x2.sub(a0, a2);
        const b2 = f64x2.add(a1, a3);
        const b3 = turned(f64x2.sub(a1, a3), mask);
        v128.store(d, f64x2.add(b0, b2));
        put<Flag>(d + d1, f64x2.add(b1, b3), root);
        put<Flag>(d + 2 * d1, f64x2.sub(b0, b2), root + 24);
        put<Flag>(d + 3 * d1, f64x2.sub(b1, b3), root + 48);
        s += 16;
        d += 16;
      }
    }
  }
}

export function radix5<Flag>(
  from: i32,
  to: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  mask: v128,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const sin1 = f64x2.splat(0.9510565162951535);
  const sin2 = f64x2.splat(0.5877852522924731);
  for (let p = from; p < to; p++) {
    const root = roots + (p as usize) * 96;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (5 * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        const a0 = v128.load(s);
        const a1 = v128.load(s + s1);
        const a2 = v128.load(s + 2 * s1);
        const a3 = v128.load(s + 3 * s1);
        const a4 = v128.load(s + 4 * s1);
        const t1 = f64x2.add(a1, a4);
        const t2 = f64x2.add(a2, a3);
        const e1 = f64x2.sub(a1, a4);
        const e2 = f64x2.sub(a2, a3);
        const r1 = f64x2.add(a0, f64x2.add(f64x2.mul(c1, t1), f64x2.mul(c2, t2)));
        const r2 = f64x2.add(a0, f64x2.add(f64x2.mul(c2, t1), f64x2.mul(c1, t2)));
        const i1 = turned(f64x2.add(f64x2.mul(sin1, e1), f64x2.mul(sin2, e2)), mask);
        const i2 = turned(f64x2.sub(f64x2.mul(sin2, e1), f64x2.mul(sin1, e2)), mask);
        v128.store(d, f64x2.add(a0, f64x2.add(t1, t2)));
        put<Flag>(d + d1, f64x2.add(r1, i1), root);
        put<Flag>(d + 2 * d1, f64x2.add(r2, i2), root + 24);
        put<Flag>(d + 3 * d1, f64x2.sub(r2, i2), root + 48);
        put<Flag>(d + 4 * d1, f64x2.sub(r1, i1), root + 72);
        s += 16;
        d += 16;
      }
    }
  }
}

export function radix8<Flag>(
  from: i32,
  to: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  mask: v128,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  const h = f64x2.splat(Math.SQRT1_2);
  for (let p = from; p < to; p++) {
    const root = roots + (p as usize) * 168;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (8 * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        let a0 = v128.load(s);
        let a4 = v128.load(s + 4 * s1);
        const b0 = f64x2.add(a0, a4);
        const c0 = f64x2.sub(a0, a4);
        a0 = v128.load(s + 2 * s1);
        a4 = v128.load(s + 6 * s1);
        const b2 = f64x2.add(a0, a4);
        const c2 = turned(f64x2.sub(a0, a4), mask);
        a0 = v128.load(s + s1);
        a4 = v128.load(s + 5 * s1);
        const b1 = f64x2.add(a0, a4);
        let c1 = f64x2.sub(a0, a4);
        a0 = v128.load(s + 3 * s1);
        a4 = v128.load(s + 7 * s1);
        const b3 = f64x2.add(a0, a4);
        let c3 = f64x2.sub(a0, a4);
        let t0 = f64x2.add(b0, b2);
        let t1 = f64x2.sub(b0, b2);
        let t2 = f64x2.add(b1, b3);
        let t3 = turned(f64x2.sub(b1, b3), mask);
        v128.store(d, f64x2.add(t0, t2));
        put<Flag>(d + 2 * d1, f64x2.add(t1, t3), root + 24);
        put<Flag>(d + 4 * d1, f64x2.sub(t0, t2), root + 72);
        put<Flag>(d + 6 * d1, f64x2.sub(t1, t3), root + 120);
        c1 = f64x2.mul(h, f64x2.add(c1, turned(c1, mask)));
        c3 = f64x2.mul(h, f64x2.sub(turned(c3, mask), c3));
        t0 = f64x2.add(c0, c2);
        t1 = f64x2.sub(c0, c2);
        t2 = f64x2.add(c1, c3);
        t3 = turned(f64x2.sub(c1, c3), mask);
        put<Flag>(d + d1, f64x2.add(t0, t2), root);
        put<Flag>(d + 3 * d1, f64x2.add(t1, t3), root + 48);
        put<Flag>(d + 5 * d1, f64x2.sub(t0, t2), root + 96);
        put<Flag>(d + 7 * d1, f64x2.sub(t1, t3), root + 144);
        s += 16;
        d += 16;
      }
    }
  }
}

/** Odd radix r; `matrix` holds (cos, sin) of 2π j k / r for j, k = 1 … (r − 1) / 2, row by row in k. */
export function radixOdd(
  r: i32,
  m: i32,
  sq: i32,
  count: i32,
  x: usize,
  xs: usize,
  y: usize,
  ys: usize,
  roots: usize,
  matrix: usize,
  mask: v128,
): void {
  const s1 = (m as usize) * (sq as usize) * xs;
  const d1 = (sq as usize) * ys;
  const h = (r - 1) >> 1;
  for (let p = 0; p < m; p++) {
    const root = roots + ((p * (r - 1)) as usize) * 24;
    for (let q = 0; q < sq; q++) {
      let s = x + (p * sq + q) * xs;
      let d = y + (r * p * sq + q) * ys;
      for (let b = 0; b < count; b++) {
        const a0 = v128.load(s);
        let total = a0;
        for (let j = 1; j <= h; j++) {
          const low = v128.load(s + (j as usize) * s1);
          const high = v128.load(s + ((r - j) as usize) * s1);
          const sum = f64x2.add(low, high);
          total = f64x2.add(total, sum);
          v128.store(ODD + ((j as usize) << 5), sum);
          v128.store(ODD + ((j as usize) << 5), f64x2.sub(low, high), 16);
        }
        v128.store(d, total);
        let entry = matrix;
        for (let k = 1; k <= h; k++) {
          let real = a0;
          let side = f64x2.splat(0);
          for (let j = 1; j <= h; j++) {
            real = f64x2.add(real, f64x2.mul(v128.load64_splat(entry), v128.load(ODD + ((j as usize) << 5))));
            side = f64x2.add(side, f64x2.mul(v128.load64_splat(entry, 8), v128.load(ODD + ((j as usize) << 5), 16)));
            entry += 16;
          }
          side = turned(side, mask);
          const low = f64x2.add(real, side);
          const high = f64x2.sub(real, side);
          v128.store(d + (k as usize) * d1, times(low, root + ((k - 1) as usize) * 24));
          v128.store(d + ((r - k) as usize) * d1, times(high, root + ((r - k - 1) as usize) * 24));
        }
        s += 16;
        d += 16;
      }
    }
  }
}
