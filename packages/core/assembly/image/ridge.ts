/** Two f32 from `at` on, as f64. */
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Two f64, rounded to f32 and back. */
function rounded(values: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(values));
}

/** Second differences of `image` (f32) inside its outermost pixels, two at a time: xx, yy, xy, each of which is f64 rounded to f32. */
function secondDifferences(pitch: i32, rows: i32, image: usize, xx: usize, yy: usize, xy: usize): void {
  const line = (pitch as usize) << 2;
  const two = f64x2.splat(2);
  const quarter = f64x2.splat(0.25);
  for (let y = 1; y < rows - 1; y++) {
    const row = (y as usize) * (pitch as usize) + 1;
    let at = image + (row << 2);
    let to = row << 3;
    // The last pair may reach into the border, whose differences nobody reads.
    for (let x = 1; x < pitch - 1; x += 2) {
      const centre = f64x2.mul(two, pair(at));
      v128.store(xx + to, rounded(f64x2.sub(f64x2.add(pair(at - 4), pair(at + 4)), centre)));
      v128.store(yy + to, rounded(f64x2.sub(f64x2.add(pair(at - line), pair(at + line)), centre)));
      const equal = f64x2.add(pair(at - line - 4), pair(at + line + 4));
      const corners = f64x2.sub(f64x2.sub(equal, pair(at - line + 4)), pair(at + line - 4));
      v128.store(xy + to, rounded(f64x2.mul(quarter, corners)));
      at += 8;
      to += 16;
    }
  }
}

function both(at: usize, offset: usize): v128 {
  return f64x2.add(v128.load(at - offset), v128.load(at + offset));
}

/**
 * Strength of dark lines, as `lineRidge` in src/numerics/image says. `image` is f32 [pitch * rows], `xx`, `yy`, `xy`, `across` have room for
 * pitch * rows + 2 numbers of f64; `turns` holds six factors an orientation (of xx, xy, yy across the line, then along it), `weights` five of f64, `offsets` four
 * an orientation (i32, pixels of the padded image; of the taps 1 … 4). `strength` (f64) and `best` (f64: the orientation) are [evenWidth * height], where
 * evenWidth is width rounded up to an even number.
 */
export function lineRidge(
  width: i32,
  height: i32,
  margin: i32,
  image: usize,
  nOrientations: i32,
  weights: usize,
  turns: usize,
  offsets: usize,
  blobPenalty: f64,
  xx: usize,
  yy: usize,
  xy: usize,
  across: usize,
  strength: usize,
  best: usize,
): void {
  const pitch = width + 2 * margin;
  const rows = height + 2 * margin;
  const bytes = ((pitch as usize) * (rows as usize)) << 3;
  const evenWidth = (width + 1) & ~1;
  memory.fill(xx, 0, bytes);
  memory.fill(yy, 0, bytes);
  memory.fill(xy, 0, bytes);
  memory.fill(strength, 0, ((evenWidth as usize) * (height as usize)) << 3);
  memory.fill(best, 0, ((evenWidth as usize) * (height as usize)) << 3);
  secondDifferences(pitch, rows, image, xx, yy, xy);
  const w0 = f64x2.splat(load<f64>(weights));
  const w1 = f64x2.splat(load<f64>(weights, 8));
  const w2 = f64x2.splat(load<f64>(weights, 16));
  const w3 = f64x2.splat(load<f64>(weights, 24));
  const w4 = f64x2.splat(load<f64>(weights, 32));
  for (let o = 0; o < nOrientations; o++) {
    const turn = turns + (o as usize) * 48;
    const a = f64x2.splat(load<f64>(turn));
    const b = f64x2.splat(load<f64>(turn, 8));
    const c = f64x2.splat(load<f64>(turn, 16));
    for (let i: usize = 0; i < bytes; i += 16) {
      const first = f64x2.add(f64x2.mul(a, v128.load(xx + i)), f64x2.mul(b, v128.load(xy + i)));
      v128.store(across + i, rounded(f64x2.add(first, f64x2.mul(c, v128.load(yy + i)))));
    }
    const steps = offsets + ((o as usize) << 4);
    const d1 = (load<i32>(steps) as isize as usize) << 3;
    const d2 = (load<i32>(steps, 4) as isize as usize) << 3;
    const d3 = (load<i32>(steps, 8) as isize as usize) << 3;
    const d4 = (load<i32>(steps, 12) as isize as usize) << 3;
    const orientation = f64x2.splat(o as f64);
    for (let y = 0; y < height; y++) {
      let at = across + ((((y + margin) as usize) * (pitch as usize) + (margin as usize)) << 3);
      let to = ((y as usize) * (evenWidth as usize)) << 3;
      for (let x = 0; x < width; x += 2) {
        let sum = f64x2.add(f64x2.mul(w0, v128.load(at)), f64x2.mul(w1, both(at, d1)));
        sum = f64x2.add(sum, f64x2.mul(w2, both(at, d2)));
        sum = f64x2.add(sum, f64x2.mul(w3, both(at, d3)));
        sum = f64x2.add(sum, f64x2.mul(w4, both(at, d4)));
        const known = v128.load(strength + to);
        const isLarger = f64x2.gt(sum, known);
        v128.store(strength + to, v128.bitselect(rounded(sum), known, isLarger));
        v128.store(best + to, v128.bitselect(orientation, v128.load(best + to), isLarger));
        at += 16;
        to += 16;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    let at = (((y + margin) as usize) * (pitch as usize) + (margin as usize)) << 3;
    let to = ((y as usize) * (evenWidth as usize)) << 3;
    for (let x = 0; x < width; x++) {
      const value = load<f64>(strength + to);
      const turn = turns + (load<f64>(best + to) as usize) * 48;
      let along = load<f64>(turn, 24) * load<f64>(xx + at) + load<f64>(turn, 32) * load<f64>(xy + at);
      along = along + load<f64>(turn, 40) * load<f64>(yy + at);
      if (value !== 0 && along > 0) store<f64>(strength + to, Math.max(0, value - blobPenalty * along));
      at += 8;
      to += 8;
    }
  }
}
