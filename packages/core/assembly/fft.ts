// Fast Fourier transforms of any size for WebAssembly with 128-bit SIMD (AssemblyScript): one complex number (re, im)
// fills one vector. Stockham's self-sorting passes with radices 2, 3, 4, 5, 8 and odd primes to 23; Bluestein's
// convolution, doi:10.1109/TAU.1970.1162132, where a larger prime divides the length; long transforms as columns and
// rows, Bailey, doi:10.1007/BF00162341.
// Strides count bytes. Tables (roots, chirps) are computed by the caller, which lays out the plans below.

// A plan, in 32-bit words:
//   0 length · 1 direction (−1 forward, 1 inverse) · 2 number of passes · 3 work bytes for one column
//   4 Bluestein's length, 0 without · 5 chirp · 6 transformed chirp · 7 forward plan · 8 inverse plan of that length
//   9 rows of the split form, 0 without (with it there are no passes) · 10 plan of its columns · 11 of its rows · 12 coarse and 13 fine roots · 14 bits
//   16 + 4 i: radix, roots, matrix of an odd radix; for each pass
const PASSES: usize = 64;

const ODD: usize = 1024; // sums and differences of one odd butterfly: 2 × 16 numbers of 16 bytes
const FIRST: usize = ODD + 512;
const BLOCK: i32 = 8; // columns transformed side by side: two cache lines

let top: usize = FIRST;

/** First byte that is free for data: behind the plans. */
export function dataStart(): usize {
  return top;
}

/** Keeps the `bytes` at the start of the data for plans. */
export function keep(bytes: usize): void {
  top += (bytes + 15) & ~15;
}

/** Gives up all plans. */
export function forget(): void {
  top = FIRST;
}

/** Columns that are transformed side by side. */
export function blockSize(): i32 {
  return BLOCK;
}

function word(plan: usize, index: usize): i32 {
  return load<i32>(plan + (index << 2));
}

function address(plan: usize, index: usize): usize {
  return load<u32>(plan + (index << 2)) as usize;
}

/** a times a root stored as (re, −im, im). */
function times(a: v128, root: usize): v128 {
  return f64x2.add(f64x2.mul(a, v128.load64_splat(root)), f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.load(root, 8)));
}

/** a times b, both as (re, im). */
function timesPair(a: v128, b: v128): v128 {
  const cross = f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.shuffle<f64>(b, b, 1, 1));
  return f64x2.add(f64x2.mul(a, v128.shuffle<f64>(b, b, 0, 0)), v128.xor(cross, f64x2(-0.0, 0)));
}

/** a times −i (mask (0, −0), forward) or i (mask (−0, 0), inverse). */
function turned(a: v128, mask: v128): v128 {
  return v128.xor(v128.shuffle<f64>(a, a, 1, 0), mask);
}

function maskOf(direction: i32): v128 {
  return direction < 0 ? f64x2(0, -0.0) : f64x2(-0.0, 0);
}

// Each pass takes p from `from` to `to`: for each q and column b
//   y[r p + k, q, b] = w_p^k Σ_j ω_r^{j k} x[p + m j, q, b].
// The type parameter is a flag at compile time: i32 with roots w_p, f64 without, for p = 0.

function radix2<Flag>(
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
        if (isInteger<Flag>()) v128.store(d + d1, times(y1, root));
        else v128.store(d + d1, y1);
        s += 16;
        d += 16;
      }
    }
  }
}

function radix3<Flag>(
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
        if (isInteger<Flag>()) {
          v128.store(d + d1, times(y1, root));
          v128.store(d + 2 * d1, times(y2, root + 24));
        } else {
          v128.store(d + d1, y1);
          v128.store(d + 2 * d1, y2);
        }
        s += 16;
        d += 16;
      }
    }
  }
}

function radix4<Flag>(
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
        if (isInteger<Flag>()) {
          v128.store(d + d1, times(f64x2.add(b1, b3), root));
          v128.store(d + 2 * d1, times(f64x2.sub(b0, b2), root + 24));
          v128.store(d + 3 * d1, times(f64x2.sub(b1, b3), root + 48));
        } else {
          v128.store(d + d1, f64x2.add(b1, b3));
          v128.store(d + 2 * d1, f64x2.sub(b0, b2));
          v128.store(d + 3 * d1, f64x2.sub(b1, b3));
        }
        s += 16;
        d += 16;
      }
    }
  }
}

function radix5<Flag>(
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
        if (isInteger<Flag>()) {
          v128.store(d + d1, times(f64x2.add(r1, i1), root));
          v128.store(d + 2 * d1, times(f64x2.add(r2, i2), root + 24));
          v128.store(d + 3 * d1, times(f64x2.sub(r2, i2), root + 48));
          v128.store(d + 4 * d1, times(f64x2.sub(r1, i1), root + 72));
        } else {
          v128.store(d + d1, f64x2.add(r1, i1));
          v128.store(d + 2 * d1, f64x2.add(r2, i2));
          v128.store(d + 3 * d1, f64x2.sub(r2, i2));
          v128.store(d + 4 * d1, f64x2.sub(r1, i1));
        }
        s += 16;
        d += 16;
      }
    }
  }
}

function radix8<Flag>(
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
        if (isInteger<Flag>()) {
          v128.store(d + 2 * d1, times(f64x2.add(t1, t3), root + 24));
          v128.store(d + 4 * d1, times(f64x2.sub(t0, t2), root + 72));
          v128.store(d + 6 * d1, times(f64x2.sub(t1, t3), root + 120));
        } else {
          v128.store(d + 2 * d1, f64x2.add(t1, t3));
          v128.store(d + 4 * d1, f64x2.sub(t0, t2));
          v128.store(d + 6 * d1, f64x2.sub(t1, t3));
        }
        c1 = f64x2.mul(h, f64x2.add(c1, turned(c1, mask)));
        c3 = f64x2.mul(h, f64x2.sub(turned(c3, mask), c3));
        t0 = f64x2.add(c0, c2);
        t1 = f64x2.sub(c0, c2);
        t2 = f64x2.add(c1, c3);
        t3 = turned(f64x2.sub(c1, c3), mask);
        if (isInteger<Flag>()) {
          v128.store(d + d1, times(f64x2.add(t0, t2), root));
          v128.store(d + 3 * d1, times(f64x2.add(t1, t3), root + 48));
          v128.store(d + 5 * d1, times(f64x2.sub(t0, t2), root + 96));
          v128.store(d + 7 * d1, times(f64x2.sub(t1, t3), root + 144));
        } else {
          v128.store(d + d1, f64x2.add(t0, t2));
          v128.store(d + 3 * d1, f64x2.add(t1, t3));
          v128.store(d + 5 * d1, f64x2.sub(t0, t2));
          v128.store(d + 7 * d1, f64x2.sub(t1, t3));
        }
        s += 16;
        d += 16;
      }
    }
  }
}

/** Odd radix r; `matrix` holds (cos, sin) of 2π j k / r for j, k = 1 … (r − 1) / 2, row by row in k. */
function radixOdd(
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

function pass(
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
  const row = (count as usize) << 4;
  if (xs === row && ys === row) {
    count *= sq;
    xs *= sq;
    ys *= sq;
    sq = 1;
  }
  if (r === 8) {
    radix8<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix8<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 4) {
    radix4<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix4<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 2) {
    radix2<f64>(0, 1, m, sq, count, x, xs, y, ys, roots);
    radix2<i32>(1, m, m, sq, count, x, xs, y, ys, roots);
  } else if (r === 3) {
    radix3<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix3<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else if (r === 5) {
    radix5<f64>(0, 1, m, sq, count, x, xs, y, ys, roots, mask);
    radix5<i32>(1, m, m, sq, count, x, xs, y, ys, roots, mask);
  } else {
    radixOdd(r, m, sq, count, x, xs, y, ys, roots, matrix, mask);
  }
}

/** All passes over `count` columns: element e of column b stands at x + e · xs + 16 b, and goes to y + e · ys + 16 b. */
function passes(plan: usize, x: usize, xs: usize, y: usize, ys: usize, count: i32, work: usize): void {
  const n = word(plan, 0);
  const mask = maskOf(word(plan, 1));
  const total = word(plan, 2);
  const row = (count as usize) << 4;
  const other = work + (n as usize) * row;
  let source = x;
  let sourceStride = xs;
  let m = n;
  let sq = 1;
  for (let i = 0; i < total; i++) {
    const step = plan + PASSES + ((i as usize) << 4);
    const r = word(step, 0);
    m /= r;
    let target = (i & 1) === 0 ? work : other;
    let targetStride = row;
    if (i === total - 1) {
      target = y;
      targetStride = ys;
    }
    pass(r, m, sq, count, source, sourceStride, target, targetStride, address(step, 1), address(step, 2), mask);
    source = target;
    sourceStride = targetStride;
    sq *= r;
  }
}

/** By convolution with a chirp: X_k = c_k Σ_j (x_j c_j) conj(c_{k−j}), c_j = exp(∓iπ j² / n). */
function bluestein(plan: usize, x: usize, xs: usize, y: usize, ys: usize, count: i32, work: usize): void {
  const n = word(plan, 0);
  const length = word(plan, 4);
  const forward = address(plan, 7);
  const backward = address(plan, 8);
  const isLong = word(forward, 9) > 0; // then count is 1
  const row = (count as usize) << 4;
  const bytes = (length as usize) * row;
  const spectrum = isLong ? work : work + bytes;
  const rest = spectrum + bytes;
  let chirp = address(plan, 5);
  let target = work;
  for (let j = 0; j < n; j++) {
    const s = x + (j as usize) * xs;
    for (let b: usize = 0; b < row; b += 16) v128.store(target + b, times(v128.load(s + b), chirp));
    target += row;
    chirp += 24;
  }
  memory.fill(target, 0, ((length - n) as usize) * row);
  if (isLong) split(forward, work, rest);
  else passes(forward, work, row, spectrum, row, count, rest);
  let factor = address(plan, 6);
  target = spectrum;
  for (let k = 0; k < length; k++) {
    for (let b: usize = 0; b < row; b += 16) v128.store(target + b, times(v128.load(target + b), factor));
    target += row;
    factor += 24;
  }
  if (isLong) split(backward, work, rest);
  else passes(backward, spectrum, row, work, row, count, rest);
  chirp = address(plan, 5);
  let source = work;
  for (let k = 0; k < n; k++) {
    const d = y + (k as usize) * ys;
    for (let b: usize = 0; b < row; b += 16) v128.store(d + b, times(v128.load(source + b), chirp));
    source += row;
    chirp += 24;
  }
}

/** A long transform with any stride, through a contiguous copy. */
function copied(plan: usize, x: usize, xs: usize, y: usize, ys: usize, work: usize): void {
  const n = word(plan, 0);
  const end = work + ((n as usize) << 4);
  for (let at = work; at < end; at += 16) {
    v128.store(at, v128.load(x));
    x += xs;
  }
  split(plan, work, end);
  for (let at = work; at < end; at += 16) {
    v128.store(y, v128.load(at));
    y += ys;
  }
}

function columns(plan: usize, x: usize, xs: usize, y: usize, ys: usize, count: i32, work: usize): void {
  const isChirp = word(plan, 4) > 0;
  const isLong = word(isChirp ? address(plan, 7) : plan, 9) > 0;
  if (!isLong) {
    if (isChirp) bluestein(plan, x, xs, y, ys, count, work);
    else passes(plan, x, xs, y, ys, count, work);
    return;
  }
  for (let b = 0; b < count; b++) {
    if (isChirp) bluestein(plan, x, xs, y, ys, 1, work);
    else copied(plan, x, xs, y, ys, work);
    x += 16;
    y += 16;
  }
}

/** One long contiguous transform in place, as n1 × n2: columns, roots, rows; `work` takes the whole length besides. */
function split(plan: usize, x: usize, work: usize): void {
  const n = word(plan, 0);
  const n1 = word(plan, 9);
  const n2 = n / n1;
  const first = address(plan, 10);
  const second = address(plan, 11);
  const coarse = address(plan, 12);
  const fine = address(plan, 13);
  const bits = word(plan, 14);
  const low = (1 << bits) - 1;
  const block = work + ((n as usize) << 4);
  const rest = block + ((n1 * BLOCK) as usize) * 16;
  for (let j = 0; j < n2; j += BLOCK) {
    const count = min(BLOCK, n2 - j);
    const row = (count as usize) << 4;
    columns(first, x + ((j as usize) << 4), (n2 as usize) << 4, block, row, count, rest);
    for (let b = 0; b < count; b++) {
      let source = block + ((b as usize) << 4);
      let target = work + (((j + b) * n1) as usize) * 16;
      let e = 0;
      for (let k = 0; k < n1; k++) {
        const root = timesPair(
          v128.load(coarse + ((e >> bits) as usize) * 16),
          v128.load(fine + ((e & low) as usize) * 16),
        );
        v128.store(target, timesPair(v128.load(source), root));
        source += row;
        target += 16;
        e += j + b;
        if (e >= n) e -= n;
      }
    }
  }
  const stride = (n1 as usize) << 4;
  for (let k = 0; k < n1; k += BLOCK) {
    const offset = (k as usize) << 4;
    columns(second, work + offset, stride, x + offset, stride, min(BLOCK, n1 - k), rest);
  }
}

/** Transforms an array of shape [outer, n, inner] along its middle axis, in place; n is the plan's length. */
export function axis(plan: usize, data: usize, outer: i32, inner: i32, work: usize): void {
  const n = word(plan, 0);
  if (n === 1) return;
  const stride = (inner as usize) << 4;
  for (let o = 0; o < outer; o++) {
    const start = data + (o as usize) * (n as usize) * stride;
    if (inner === 1 && word(plan, 9) > 0) {
      split(plan, start, work);
      continue;
    }
    for (let i = 0; i < inner; i += BLOCK) {
      const at = start + ((i as usize) << 4);
      columns(plan, at, stride, at, stride, min(BLOCK, inner - i), work);
    }
  }
}

/** One contiguous transform in place. */
function line(plan: usize, x: usize, work: usize): void {
  if (word(plan, 9) > 0) split(plan, x, work);
  else columns(plan, x, 16, x, 16, 1, work);
}

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
