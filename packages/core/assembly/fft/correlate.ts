// Column passes of correlations of real grids, between the real transforms of rows: forward along columns, product of
// spectra, and back, block by block in cache. A padded length 2n goes as two transforms of length n, of x[j] + x[j + n]
// for even frequencies and (x[j] − x[j + n]) exp(−πi j / n) for odd ones, so that zeros of the padding cost nothing.
import { times } from "./complex";
import { columns } from "./long";
import { BLOCK } from "./plan";

/** a times the conjugate of a root stored as (re, −im, im). */
function timesConjugate(a: v128, root: usize): v128 {
  return f64x2.sub(f64x2.mul(a, v128.load64_splat(root)), f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.load(root, 8)));
}

/** conj(a) times b. */
function conjugateTimes(a: v128, b: v128): v128 {
  const cross = f64x2.mul(v128.shuffle<f64>(b, b, 1, 0), v128.shuffle<f64>(a, a, 1, 1));
  return f64x2.sub(f64x2.mul(b, v128.shuffle<f64>(a, a, 0, 0)), v128.xor(cross, f64x2(-0.0, 0)));
}

/** Folds `rows` numbers of each of `count` columns into the inputs of the even and the odd transform of length n. */
function fold(n: i32, rows: i32, count: i32, x: usize, stride: usize, roots: usize, even: usize, odd: usize): void {
  const row = (count as usize) << 4;
  const second = (n as usize) * stride;
  const both = max(0, rows - n);
  const first = min(rows, n);
  for (let j = 0; j < first; j++) {
    if (j < both) {
      for (let b: usize = 0; b < row; b += 16) {
        const low = v128.load(x + b);
        const high = v128.load(x + second + b);
        v128.store(even + b, f64x2.add(low, high));
        v128.store(odd + b, times(f64x2.sub(low, high), roots));
      }
    } else {
      for (let b: usize = 0; b < row; b += 16) {
        const low = v128.load(x + b);
        v128.store(even + b, low);
        v128.store(odd + b, times(low, roots));
      }
    }
    x += stride;
    even += row;
    odd += row;
    roots += 24;
  }
  const rest = ((n - first) as usize) * row;
  memory.fill(even, 0, rest);
  memory.fill(odd, 0, rest);
}

/** Both transforms of one block of columns; only the first, of length n = rows, where the length is not halved. */
function forwardBlock(
  plan: usize,
  n: i32,
  isHalved: i32,
  rows: i32,
  count: i32,
  x: usize,
  stride: usize,
  roots: usize,
  even: usize,
  odd: usize,
  work: usize,
): void {
  const row = (count as usize) << 4;
  if (isHalved === 0) {
    if (n === 1) memory.copy(even, x, row);
    else columns(plan, x, stride, even, row, count, work);
    return;
  }
  fold(n, rows, count, x, stride, roots, even, odd);
  columns(plan, even, row, even, row, count, work);
  columns(plan, odd, row, odd, row, count, work);
}

/**
 * Autocorrelation along columns, in place: `width` columns of `rows` numbers at `x` become the columns of shifts
 * 0 … last. The power spectra P (even) and Q (odd) are real, so that P + iQ goes back as one transform C, and
 * c_P = (C_d + C̄_{n−d}) / 2, c_Q = (C_d − C̄_{n−d}) / 2i, c = c_P + exp(πi d / n) c_Q, without a factor. `roots` are
 * exp(−πi d / n) for d = 0 … n.
 */
export function autoColumns(
  forward: usize,
  backward: usize,
  n: i32,
  isHalved: i32,
  width: i32,
  rows: i32,
  last: i32,
  x: usize,
  roots: usize,
  buffer: usize,
  work: usize,
): void {
  const stride = (width as usize) << 4;
  const half = f64x2.splat(0.5);
  const conjugate = f64x2(0, -0.0);
  for (let i = 0; i < width; i += BLOCK) {
    const count = min(BLOCK, width - i);
    const row = (count as usize) << 4;
    const bytes = (n as usize) * row;
    const odd = buffer + bytes;
    const at = x + ((i as usize) << 4);
    forwardBlock(forward, n, isHalved, rows, count, at, stride, roots, buffer, odd, work);
    if (isHalved !== 0) {
      for (let b: usize = 0; b < bytes; b += 16) {
        let p = v128.load(buffer + b);
        let q = v128.load(odd + b);
        p = f64x2.mul(p, p);
        q = f64x2.mul(q, q);
        v128.store(buffer + b, f64x2.add(v128.shuffle<f64>(p, q, 0, 2), v128.shuffle<f64>(p, q, 1, 3)));
      }
    } else {
      for (let b: usize = 0; b < bytes; b += 16) {
        let p = v128.load(buffer + b);
        p = f64x2.mul(p, p);
        v128.store(buffer + b, f64x2.replace_lane(f64x2.add(p, v128.shuffle<f64>(p, p, 1, 0)), 1, 0));
      }
    }
    columns(backward, buffer, row, buffer, row, count, work);
    let target = at;
    let root = roots;
    for (let d = 0; d <= last; d++) {
      const low = buffer + ((d === n ? 0 : d) as usize) * row;
      if (isHalved !== 0) {
        const high = buffer + ((d === 0 || d === n ? 0 : n - d) as usize) * row;
        for (let b: usize = 0; b < row; b += 16) {
          const c = v128.load(low + b);
          const mirrored = v128.xor(v128.load(high + b), conjugate);
          const even = f64x2.mul(half, f64x2.add(c, mirrored));
          let odds = f64x2.mul(half, f64x2.sub(c, mirrored));
          odds = v128.xor(v128.shuffle<f64>(odds, odds, 1, 0), conjugate); // over i
          v128.store(target + b, f64x2.add(even, timesConjugate(odds, root)));
        }
      } else {
        for (let b: usize = 0; b < row; b += 16) v128.store(target + b, v128.load(low + b));
      }
      target += stride;
      root += 24;
    }
  }
}

/**
 * Cross-correlation Σ_j conj(x[j]) y[j + d] along columns: `width` columns of `rows` numbers at `x` and `y` give columns
 * of shifts −last … last at `out`, without a factor.
 */
export function crossColumns(
  forward: usize,
  backward: usize,
  n: i32,
  isHalved: i32,
  width: i32,
  rows: i32,
  last: i32,
  x: usize,
  y: usize,
  out: usize,
  roots: usize,
  buffer: usize,
  work: usize,
): void {
  const stride = (width as usize) << 4;
  for (let i = 0; i < width; i += BLOCK) {
    const count = min(BLOCK, width - i);
    const row = (count as usize) << 4;
    const bytes = (n as usize) * row;
    const odd = buffer + bytes;
    const other = odd + bytes;
    const otherOdd = other + bytes;
    const offset = (i as usize) << 4;
    forwardBlock(forward, n, isHalved, rows, count, x + offset, stride, roots, buffer, odd, work);
    forwardBlock(forward, n, isHalved, rows, count, y + offset, stride, roots, other, otherOdd, work);
    const end: usize = isHalved !== 0 ? bytes << 1 : bytes;
    for (let b: usize = 0; b < end; b += 16) {
      v128.store(buffer + b, conjugateTimes(v128.load(buffer + b), v128.load(other + b)));
    }
    columns(backward, buffer, row, buffer, row, count, work);
    if (isHalved !== 0) columns(backward, odd, row, odd, row, count, work);
    let target = out + offset;
    for (let d = -last; d <= last; d++) {
      const index = d < 0 ? d + n : d; // where d < 0, exp(πi d / n) = −exp(πi (d + n) / n)
      const low = buffer + ((index === n ? 0 : index) as usize) * row;
      if (isHalved !== 0) {
        const high = odd + ((index === n ? 0 : index) as usize) * row;
        const root = roots + (index as usize) * 24;
        for (let b: usize = 0; b < row; b += 16) {
          const even = v128.load(low + b);
          const odds = timesConjugate(v128.load(high + b), root);
          v128.store(target + b, d < 0 ? f64x2.sub(even, odds) : f64x2.add(even, odds));
        }
      } else {
        for (let b: usize = 0; b < row; b += 16) v128.store(target + b, v128.load(low + b));
      }
      target += stride;
    }
  }
}
