/** Byte offset of element i of an array of 32-bit numbers. */
export function at(base: usize, i: i32): usize {
  return base + ((i as usize) << 2);
}

/**
 * Copies an image [height, width, channels] into a larger one that is zero elsewhere: its pixel (i, j) goes to
 * (top + i · stepY, left + j · stepX) where that lies inside; channels are filled up with zeros to `paddedChannels`.
 */
export function padImage(
  height: i32,
  width: i32,
  channels: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  paddedChannels: i32,
  top: i32,
  left: i32,
  stepY: i32,
  stepX: i32,
  source: usize,
  target: usize,
): void {
  memory.fill(target, 0, ((paddedHeight * paddedWidth * paddedChannels) as usize) << 2);
  for (let i = 0; i < height; i++) {
    const y = top + i * stepY;
    if (y < 0 || y >= paddedHeight) continue;
    let first = 0;
    while (first < width && left + first * stepX < 0) first++;
    let last = width;
    while (last > first && left + (last - 1) * stepX >= paddedWidth) last--;
    if (last === first) continue;
    const from = at(source, (i * width + first) * channels);
    const to = at(target, (y * paddedWidth + left + first * stepX) * paddedChannels);
    if (stepX === 1 && channels === paddedChannels) {
      memory.copy(to, from, (((last - first) * channels) as usize) << 2);
    } else {
      const step = ((stepX * paddedChannels) as usize) << 2;
      const bytes = (channels as usize) << 2;
      let s = from;
      let t = to;
      for (let j = first; j < last; j++) {
        for (let c: usize = 0; c < bytes; c += 4) store<f32>(t + c, load<f32>(s + c));
        s += bytes;
        t += step;
      }
    }
  }
}

/** Filter [depth, outputs] as panels of eight outputs [panel][depth][8], the last filled up with zeros. */
export function packFilter(depth: i32, outputs: i32, filter: usize, packed: usize): void {
  let target = packed;
  for (let o = 0; o < outputs; o += 8) {
    const n = min(8, outputs - o);
    for (let k = 0; k < depth; k++) {
      const source = at(filter, k * outputs + o);
      for (let r = 0; r < 8; r++) store<f32>(at(target, r), r < n ? load<f32>(at(source, r)) : 0);
      target += 32;
    }
  }
}

/** Filter [taps, inputs, outputs] with its taps reversed and inputs exchanged for outputs, as panels of eight inputs. */
export function packFlippedFilter(taps: i32, inputs: i32, outputs: i32, filter: usize, packed: usize): void {
  let target = packed;
  for (let c = 0; c < inputs; c += 8) {
    const n = min(8, inputs - c);
    for (let t = taps - 1; t >= 0; t--) {
      for (let o = 0; o < outputs; o++) {
        const source = at(filter, (t * inputs + c) * outputs + o);
        for (let r = 0; r < 8; r++) store<f32>(at(target, r), r < n ? load<f32>(at(source, r * outputs)) : 0);
        target += 32;
      }
    }
  }
}
