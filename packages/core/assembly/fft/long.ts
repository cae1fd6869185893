// Transforms whose length is long (columns and rows) or has a large prime factor (chirps); each may need the other.
import { times, timesPair } from "./complex";
import { passes } from "./passes";
import { address, BLOCK, word } from "./plan";

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

export function columns(plan: usize, x: usize, xs: usize, y: usize, ys: usize, count: i32, work: usize): void {
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
export function split(plan: usize, x: usize, work: usize): void {
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
