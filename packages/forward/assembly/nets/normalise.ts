import { at } from "./layout";

// Sums run in 32 bit along one line of pixels and in 64 bit over lines.

/** totals[c] (64 bit) = sum over all pixels of x, or of (x - centre)² where `centre` is the address of a number per channel. */
function channelSums(pixels: i32, line: i32, channels: i32, x: usize, centre: usize, sums: usize, totals: usize): void {
  memory.fill(totals, 0, (channels as usize) << 3);
  for (let start = 0; start < pixels; start += line) {
    const end = min(pixels, start + line);
    memory.fill(sums, 0, (channels as usize) << 2);
    for (let p = start; p < end; p++) {
      const row = at(x, p * channels);
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        const s = at(sums, c);
        let v = v128.load(at(row, c));
        if (centre !== 0) {
          v = f32x4.sub(v, v128.load(at(centre, c)));
          v = f32x4.mul(v, v);
        }
        v128.store(s, f32x4.add(v128.load(s), v));
      }
      for (; c < channels; c++) {
        let v = load<f32>(at(row, c));
        if (centre !== 0) {
          v -= load<f32>(at(centre, c));
          v *= v;
        }
        store<f32>(at(sums, c), load<f32>(at(sums, c)) + v);
      }
    }
    for (let c = 0; c < channels; c++) {
      const t = totals + ((c as usize) << 3);
      store<f64>(t, load<f64>(t) + (load<f32>(at(sums, c)) as f64));
    }
  }
}

/** Replaces each 64-bit total by the mean over its group of channels, per pixel. */
function groupMeans(pixels: i32, channels: i32, groups: i32, totals: usize): void {
  const size = channels / groups;
  for (let g = 0; g < groups; g++) {
    let sum: f64 = 0;
    for (let c = g * size; c < (g + 1) * size; c++) sum += load<f64>(totals + ((c as usize) << 3));
    const mean = sum / ((pixels * size) as f64);
    for (let c = g * size; c < (g + 1) * size; c++) store<f64>(totals + ((c as usize) << 3), mean);
  }
}

/**
 * Group normalisation of one image [pixels, channels] and the rectifier: y = max(0, scale (x - mean) / sqrt(variance + epsilon) + shift),
 * mean and variance over the pixels and channels of a group. `statistics` [2, channels] receives mean and 1 / sqrt(…).
 * Scratch: 5 · channels numbers of 32 bit, the address a multiple of 8.
 */
export function normalise(
  pixels: i32,
  line: i32,
  channels: i32,
  groups: i32,
  epsilon: f64,
  x: usize,
  scale: usize,
  shift: usize,
  y: usize,
  statistics: usize,
  scratch: usize,
): void {
  const totals = scratch;
  const sums = at(scratch, 2 * channels);
  const factor = at(scratch, 3 * channels);
  const offset = at(scratch, 4 * channels);
  const means = statistics;
  const inverse = at(statistics, channels);
  channelSums(pixels, line, channels, x, 0, sums, totals);
  groupMeans(pixels, channels, groups, totals);
  for (let c = 0; c < channels; c++) store<f32>(at(means, c), load<f64>(totals + ((c as usize) << 3)) as f32);
  channelSums(pixels, line, channels, x, means, sums, totals);
  groupMeans(pixels, channels, groups, totals);
  for (let c = 0; c < channels; c++) {
    const r = (1 / Math.sqrt(load<f64>(totals + ((c as usize) << 3)) + epsilon)) as f32;
    store<f32>(at(inverse, c), r);
    const f = r * load<f32>(at(scale, c));
    store<f32>(at(factor, c), f);
    store<f32>(at(offset, c), load<f32>(at(shift, c)) - f * load<f32>(at(means, c)));
  }
  let s = x;
  let t = y;
  const zero = f32x4.splat(0);
  for (let p = 0; p < pixels; p++) {
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const v = f32x4.add(f32x4.mul(v128.load(at(s, c)), v128.load(at(factor, c))), v128.load(at(offset, c)));
      v128.store(at(t, c), f32x4.max(v, zero));
    }
    for (; c < channels; c++) {
      const v = load<f32>(at(s, c)) * load<f32>(at(factor, c)) + load<f32>(at(offset, c));
      store<f32>(at(t, c), max<f32>(v, 0));
    }
    s = at(s, channels);
    t = at(t, channels);
  }
}

/**
 * Gradient of `normalise`: writes dx [pixels, channels], adds to dScale and dShift [channels].
 * Scratch: 10 · channels numbers of 32 bit, the address a multiple of 8.
 */
export function normaliseGradient(
  pixels: i32,
  line: i32,
  channels: i32,
  groups: i32,
  x: usize,
  y: usize,
  dy: usize,
  scale: usize,
  statistics: usize,
  dx: usize,
  dScale: usize,
  dShift: usize,
  scratch: usize,
): void {
  const size = channels / groups;
  const plain = scratch;
  const weighted = at(scratch, 2 * channels);
  const plainLine = at(scratch, 4 * channels);
  const weightedLine = at(scratch, 5 * channels);
  const bySlope = at(scratch, 6 * channels);
  const byValue = at(scratch, 7 * channels);
  const constant = at(scratch, 8 * channels);
  const means = statistics;
  const inverse = at(statistics, channels);
  const zero = f32x4.splat(0);
  memory.fill(scratch, 0, (channels as usize) << 4);
  for (let start = 0; start < pixels; start += line) {
    const end = min(pixels, start + line);
    memory.fill(plainLine, 0, (channels as usize) << 3);
    for (let p = start; p < end; p++) {
      const o = p * channels;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        const active = f32x4.gt(v128.load(at(y, o + c)), zero);
        const d = v128.and(v128.load(at(dy, o + c)), active);
        const h = f32x4.mul(f32x4.sub(v128.load(at(x, o + c)), v128.load(at(means, c))), v128.load(at(inverse, c)));
        v128.store(at(plainLine, c), f32x4.add(v128.load(at(plainLine, c)), d));
        v128.store(at(weightedLine, c), f32x4.add(v128.load(at(weightedLine, c)), f32x4.mul(d, h)));
      }
      for (; c < channels; c++) {
        if (!(load<f32>(at(y, o + c)) > 0)) continue;
        const d = load<f32>(at(dy, o + c));
        const h = (load<f32>(at(x, o + c)) - load<f32>(at(means, c))) * load<f32>(at(inverse, c));
        store<f32>(at(plainLine, c), load<f32>(at(plainLine, c)) + d);
        store<f32>(at(weightedLine, c), load<f32>(at(weightedLine, c)) + d * h);
      }
    }
    for (let c = 0; c < channels; c++) {
      const t = (c as usize) << 3;
      store<f64>(plain + t, load<f64>(plain + t) + (load<f32>(at(plainLine, c)) as f64));
      store<f64>(weighted + t, load<f64>(weighted + t) + (load<f32>(at(weightedLine, c)) as f64));
    }
  }
  for (let g = 0; g < groups; g++) {
    let first: f64 = 0;
    let second: f64 = 0;
    for (let c = g * size; c < (g + 1) * size; c++) {
      const t = (c as usize) << 3;
      const s = load<f32>(at(scale, c)) as f64;
      first += s * load<f64>(plain + t);
      second += s * load<f64>(weighted + t);
    }
    first /= (pixels * size) as f64;
    second /= (pixels * size) as f64;
    for (let c = g * size; c < (g + 1) * size; c++) {
      const t = (c as usize) << 3;
      store<f32>(at(dShift, c), load<f32>(at(dShift, c)) + (load<f64>(plain + t) as f32));
      store<f32>(at(dScale, c), load<f32>(at(dScale, c)) + (load<f64>(weighted + t) as f32));
      const r = load<f32>(at(inverse, c)) as f64;
      store<f32>(at(bySlope, c), (r * (load<f32>(at(scale, c)) as f64)) as f32);
      store<f32>(at(byValue, c), (-r * r * second) as f32);
      store<f32>(at(constant, c), (r * (r * second * (load<f32>(at(means, c)) as f64) - first)) as f32);
    }
  }
  for (let p = 0; p < pixels; p++) {
    const o = p * channels;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const active = f32x4.gt(v128.load(at(y, o + c)), zero);
      const d = f32x4.mul(v128.and(v128.load(at(dy, o + c)), active), v128.load(at(bySlope, c)));
      const v = f32x4.add(f32x4.mul(v128.load(at(x, o + c)), v128.load(at(byValue, c))), v128.load(at(constant, c)));
      v128.store(at(dx, o + c), f32x4.add(d, v));
    }
    for (; c < channels; c++) {
      const d: f32 = load<f32>(at(y, o + c)) > 0 ? load<f32>(at(dy, o + c)) * load<f32>(at(bySlope, c)) : 0;
      store<f32>(at(dx, o + c), d + (load<f32>(at(x, o + c)) * load<f32>(at(byValue, c)) + load<f32>(at(constant, c))));
    }
  }
}
