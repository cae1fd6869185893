import { convolve, filterGradient } from "./convolve";
import { at } from "./layout";
import { rectified } from "./rectify";

// Convolutions of 3 × 3 taps, stride 1, by tiles of 2 × 2 outputs: 16 products per tile instead of 36, F(2 × 2, 3 × 3) of A. Lavin, S. Gray,
// doi:10.1109/CVPR.2016.435. Channels on both sides are multiples of 4.

/** From one matrix to the next: lengths that are powers of 2 would all fall on the same lines of the cache. */
function apart(rows: i32, columns: i32): i32 {
  return rows * columns + 16;
}

/**
 * Transformed filter G w Gᵀ of w [3, 3, inputs, outputs] as 16 matrices [inputs, outputs]; with `isFlipped` of the filter with its taps
 * reversed and inputs exchanged for outputs (16 matrices [outputs, inputs]).
 */
export function transformFilter(inputs: i32, outputs: i32, isFlipped: i32, filter: usize, out: usize): void {
  const size = inputs * outputs;
  for (let c = 0; c < inputs; c++) {
    for (let o = 0; o < outputs; o++) {
      const source = at(filter, c * outputs + o);
      const target = at(out, isFlipped ? o * inputs + c : c * outputs + o);
      // Rows first: three columns of four rows.
      for (let pass = 0; pass < 4; pass++) {
        const w0 = row(source, size, isFlipped, pass, 0);
        const w1 = row(source, size, isFlipped, pass, 1);
        const w2 = row(source, size, isFlipped, pass, 2);
        store<f32>(at(target, 4 * pass * size), w0);
        store<f32>(at(target, (4 * pass + 1) * size), 0.5 * (w0 + w1 + w2));
        store<f32>(at(target, (4 * pass + 2) * size), 0.5 * (w0 - w1 + w2));
        store<f32>(at(target, (4 * pass + 3) * size), w2);
      }
    }
  }
}

/** Row `pass` of G w, column x. */
function row(source: usize, size: i32, isFlipped: i32, pass: i32, x: i32): f32 {
  const column = isFlipped ? 2 - x : x;
  const w0 = load<f32>(at(source, ((isFlipped ? 6 : 0) + column) * size));
  const w1 = load<f32>(at(source, (3 + column) * size));
  const w2 = load<f32>(at(source, ((isFlipped ? 0 : 6) + column) * size));
  if (pass === 0) return w0;
  if (pass === 3) return w2;
  return pass === 1 ? 0.5 * (w0 + w1 + w2) : 0.5 * (w0 - w1 + w2);
}

/** Bᵀ d B of every tile of two rows of outputs, from four rows of a padded image: rows of 16 matrices of `total` rows. */
function transformRows(tiles: i32, total: i32, channels: i32, paddedWidth: i32, image: usize, out: usize): void {
  const line = ((paddedWidth * channels) as usize) << 2;
  const pixel = (channels as usize) << 2;
  const matrix = (apart(total, channels) as usize) << 2;
  for (let t = 0; t < tiles; t++) {
    for (let c = 0; c < channels; c += 4) {
      let p = at(image, 2 * t * channels + c);
      let q = at(out, t * channels + c);
      // Columns of Bᵀ d, one after the other.
      const d00 = v128.load(p);
      const d10 = v128.load(p + line);
      const d20 = v128.load(p + 2 * line);
      const d30 = v128.load(p + 3 * line);
      p += pixel;
      const d01 = v128.load(p);
      const d11 = v128.load(p + line);
      const d21 = v128.load(p + 2 * line);
      const d31 = v128.load(p + 3 * line);
      p += pixel;
      const d02 = v128.load(p);
      const d12 = v128.load(p + line);
      const d22 = v128.load(p + 2 * line);
      const d32 = v128.load(p + 3 * line);
      p += pixel;
      const d03 = v128.load(p);
      const d13 = v128.load(p + line);
      const d23 = v128.load(p + 2 * line);
      const d33 = v128.load(p + 3 * line);
      spread(q, matrix, f32x4.sub(d00, d20), f32x4.sub(d01, d21), f32x4.sub(d02, d22), f32x4.sub(d03, d23));
      q += 4 * matrix;
      spread(q, matrix, f32x4.add(d10, d20), f32x4.add(d11, d21), f32x4.add(d12, d22), f32x4.add(d13, d23));
      q += 4 * matrix;
      spread(q, matrix, f32x4.sub(d20, d10), f32x4.sub(d21, d11), f32x4.sub(d22, d12), f32x4.sub(d23, d13));
      q += 4 * matrix;
      spread(q, matrix, f32x4.sub(d10, d30), f32x4.sub(d11, d31), f32x4.sub(d12, d32), f32x4.sub(d13, d33));
    }
  }
}

/** One row of (Bᵀ d) B. */
function spread(q: usize, matrix: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(q, f32x4.sub(a, c));
  v128.store(q + matrix, f32x4.add(b, c));
  v128.store(q + 2 * matrix, f32x4.sub(c, b));
  v128.store(q + 3 * matrix, f32x4.sub(b, d));
}

/**
 * Convolution of a padded image [≥ height + 2, paddedWidth, inputs] with 16 packed matrices of a transformed filter, by rows of tiles; rows
 * and columns behind an odd edge are computed from what lies there, which must be readable, and left out. With a bias (0: none) of a number
 * per output, max(0, … + bias).
 * Scratch: 16 · ((inputs + outputs) · tiles · group + 32), tiles = ⌈width / 2⌉; `group` rows of tiles are worked on at once.
 */
export function convolveTiles(
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  paddedWidth: i32,
  group: i32,
  image: usize,
  packed: usize,
  bias: usize,
  out: usize,
  scratch: usize,
): void {
  const tiles = (width + 1) >> 1;
  const panels = 8 * ((outputs + 7) >> 3) * inputs;
  for (let start = 0; start < height; start += 2 * group) {
    const pairs = min(group, (height - start + 1) >> 1);
    const total = pairs * tiles;
    const products = at(scratch, 16 * apart(total, inputs));
    for (let r = 0; r < pairs; r++) {
      const row = at(image, (start + 2 * r) * paddedWidth * inputs);
      transformRows(tiles, total, inputs, paddedWidth, row, at(scratch, r * tiles * inputs));
    }
    for (let k = 0; k < 16; k++) {
      const from = at(scratch, k * apart(total, inputs));
      convolve(
        1,
        total,
        outputs,
        1,
        1,
        inputs,
        1,
        1,
        1,
        1,
        total,
        from,
        at(packed, k * panels),
        0,
        at(products, k * apart(total, outputs)),
      );
    }
    for (let r = 0; r < pairs; r++) {
      const i = start + 2 * r;
      collect(
        tiles,
        total,
        outputs,
        width,
        i + 1 < height,
        at(products, r * tiles * outputs),
        bias,
        at(out, i * width * outputs),
      );
    }
  }
}

/** Aᵀ m A of every tile into two rows of outputs, or max(0, Aᵀ m A + bias) where there is one. */
function collect(
  tiles: i32,
  total: i32,
  channels: i32,
  width: i32,
  hasSecond: bool,
  products: usize,
  bias: usize,
  out: usize,
): void {
  const matrix = (apart(total, channels) as usize) << 2;
  const line = ((width * channels) as usize) << 2;
  const pixel = (channels as usize) << 2;
  for (let t = 0; t < tiles; t++) {
    const isWhole = 2 * t + 1 < width;
    for (let c = 0; c < channels; c += 4) {
      const m = at(products, t * channels + c);
      const q = at(out, 2 * t * channels + c);
      // Columns of Aᵀ m.
      let first0 = f32x4.splat(0);
      let first1 = first0;
      let second0 = first0;
      let second1 = first0;
      for (let x = 0; x < 4; x++) {
        const p = m + (x as usize) * matrix;
        const m0 = v128.load(p);
        const m1 = v128.load(p + 4 * matrix);
        const m2 = v128.load(p + 8 * matrix);
        const m3 = v128.load(p + 12 * matrix);
        const upper = f32x4.add(f32x4.add(m0, m1), m2);
        const lower = f32x4.sub(f32x4.sub(m1, m2), m3);
        if (x < 3) {
          first0 = f32x4.add(first0, upper);
          second0 = f32x4.add(second0, lower);
        }
        if (x === 1) {
          first1 = f32x4.add(first1, upper);
          second1 = f32x4.add(second1, lower);
        } else if (x > 1) {
          first1 = f32x4.sub(first1, upper);
          second1 = f32x4.sub(second1, lower);
        }
      }
      if (bias !== 0) {
        const b = v128.load(at(bias, c));
        first0 = rectified(first0, b);
        first1 = rectified(first1, b);
        second0 = rectified(second0, b);
        second1 = rectified(second1, b);
      }
      v128.store(q, first0);
      if (isWhole) v128.store(q + pixel, first1);
      if (hasSecond) {
        v128.store(q + line, second0);
        if (isWhole) v128.store(q + line + pixel, second1);
      }
    }
  }
}

/**
 * Adds to 16 matrices [inputs, outputs] what the rows of one padded image and dy [height, width, outputs] give of the gradient by the
 * transformed filter. Scratch: 16 · ((inputs + paddedOutputs) · tiles · group + 32), paddedOutputs a multiple of 8.
 */
export function filterGradientTiles(
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  paddedOutputs: i32,
  paddedWidth: i32,
  group: i32,
  image: usize,
  dy: usize,
  gradient: usize,
  scratch: usize,
): void {
  const tiles = (width + 1) >> 1;
  for (let start = 0; start < height; start += 2 * group) {
    const pairs = min(group, (height - start + 1) >> 1);
    const total = pairs * tiles;
    const slopes = at(scratch, 16 * apart(total, inputs));
    if (outputs !== paddedOutputs) memory.fill(slopes, 0, ((16 * apart(total, paddedOutputs)) as usize) << 2);
    for (let r = 0; r < pairs; r++) {
      const i = start + 2 * r;
      transformRows(
        tiles,
        total,
        inputs,
        paddedWidth,
        at(image, i * paddedWidth * inputs),
        at(scratch, r * tiles * inputs),
      );
      const to = at(slopes, r * tiles * paddedOutputs);
      spreadSlopes(tiles, total, outputs, paddedOutputs, width, i + 1 < height, at(dy, i * width * outputs), to);
    }
    for (let k = 0; k < 16; k++) {
      const from = at(scratch, k * apart(total, inputs));
      const slope = at(slopes, k * apart(total, paddedOutputs));
      const to = at(gradient, k * inputs * outputs);
      filterGradient(1, total, outputs, paddedOutputs, 1, 1, inputs, 1, 1, 1, 1, total, from, slope, to);
    }
  }
}

/** A dy Aᵀ of every tile: 16 matrices [tiles, paddedChannels]; outputs that do not exist count as 0. */
function spreadSlopes(
  tiles: i32,
  total: i32,
  channels: i32,
  paddedChannels: i32,
  width: i32,
  hasSecond: bool,
  dy: usize,
  out: usize,
): void {
  const matrix = (apart(total, paddedChannels) as usize) << 2;
  const line = ((width * channels) as usize) << 2;
  const pixel = (channels as usize) << 2;
  const zero = f32x4.splat(0);
  for (let t = 0; t < tiles; t++) {
    const isWhole = 2 * t + 1 < width;
    for (let c = 0; c < channels; c += 4) {
      const p = at(dy, 2 * t * channels + c);
      let q = at(out, t * paddedChannels + c);
      const a = v128.load(p);
      const b = isWhole ? v128.load(p + pixel) : zero;
      const d = hasSecond ? v128.load(p + line) : zero;
      const e = hasSecond && isWhole ? v128.load(p + line + pixel) : zero;
      slope(q, matrix, a, b);
      q += 4 * matrix;
      slope(q, matrix, f32x4.add(a, d), f32x4.add(b, e));
      q += 4 * matrix;
      slope(q, matrix, f32x4.sub(a, d), f32x4.sub(b, e));
      q += 4 * matrix;
      slope(q, matrix, f32x4.neg(d), f32x4.neg(e));
    }
  }
}

function slope(q: usize, matrix: usize, a: v128, b: v128): void {
  v128.store(q, a);
  v128.store(q + matrix, f32x4.add(a, b));
  v128.store(q + 2 * matrix, f32x4.sub(a, b));
  v128.store(q + 3 * matrix, f32x4.neg(b));
}

/** Gᵀ u G: the gradient by the filter [3, 3, inputs, outputs] from that by the transformed one; added. */
export function collectFilterGradient(size: i32, transformed: usize, gradient: usize): void {
  for (let i = 0; i < size; i++) {
    for (let y = 0; y < 3; y++) {
      const u0 = column(transformed, size, i, y, 0);
      const u1 = column(transformed, size, i, y, 1);
      const u2 = column(transformed, size, i, y, 2);
      const u3 = column(transformed, size, i, y, 3);
      const g = at(gradient, 3 * y * size + i);
      store<f32>(g, load<f32>(g) + u0 + 0.5 * (u1 + u2));
      const h = at(g, size);
      store<f32>(h, load<f32>(h) + 0.5 * (u1 - u2));
      const k = at(h, size);
      store<f32>(k, load<f32>(k) + 0.5 * (u1 + u2) + u3);
    }
  }
}

/** Row y of Gᵀ u, column x. */
function column(transformed: usize, size: i32, i: i32, y: i32, x: i32): f32 {
  const u0 = load<f32>(at(transformed, x * size + i));
  const u1 = load<f32>(at(transformed, (4 + x) * size + i));
  const u2 = load<f32>(at(transformed, (8 + x) * size + i));
  const u3 = load<f32>(at(transformed, (12 + x) * size + i));
  if (y === 0) return u0 + 0.5 * (u1 + u2);
  return y === 1 ? 0.5 * (u1 - u2) : 0.5 * (u1 + u2) + u3;
}
