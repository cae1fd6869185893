/**
 * Places, in raster order, of the pixels of rows `from` … `to` − 1 whose neighbours in the mask form exactly one run around them
 * (ends of lines in a skeleton). Returns how many there are; `out` is as long as these rows have pixels in the mask.
 */
export function lineEnds(
  width: number,
  height: number,
  from: number,
  to: number,
  mask: Uint8Array,
  out: Int32Array,
): number {
  let n = 0;
  for (let y = from; y < to; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (mask[i] === 0) continue;
      let bits = 0;
      if (y > 0) {
        if (x > 0 && mask[i - width - 1] !== 0) bits |= 1;
        if (mask[i - width] !== 0) bits |= 2;
        if (x + 1 < width && mask[i - width + 1] !== 0) bits |= 4;
      }
      if (x + 1 < width && mask[i + 1] !== 0) bits |= 8;
      if (y + 1 < height) {
        if (x + 1 < width && mask[i + width + 1] !== 0) bits |= 16;
        if (mask[i + width] !== 0) bits |= 32;
        if (x > 0 && mask[i + width - 1] !== 0) bits |= 64;
      }
      if (x > 0 && mask[i - 1] !== 0) bits |= 128;
      // Where a run begins, the neighbour before it is not set.
      const starts = bits & ~((bits << 1) | (bits >> 7));
      if (starts !== 0 && (starts & (starts - 1)) === 0) out[n++] = i;
    }
  }
  return n;
}
