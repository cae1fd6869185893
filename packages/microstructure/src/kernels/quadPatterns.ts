/**
 * Counts the 16 patterns of 2 × 2 neighbouring pixels: bit 0 upper left, 1 upper right, 2 lower left, 3 lower right.
 * Windows reach one pixel over the border, where the pixels are 0, unless `insideOnly` is not 0.
 */
export function quadPatterns(
  width: number,
  height: number,
  phase: Uint8Array,
  insideOnly: 0 | 1,
  out: Float64Array,
): void {
  out.fill(0);
  for (let y = insideOnly === 0 ? -1 : 0; y < height - insideOnly; y++) {
    const upper = y * width;
    const lower = upper + width;
    const hasUpper = y >= 0;
    const hasLower = y + 1 < height;
    let left = 0;
    if (insideOnly === 1) left = (phase[upper] !== 0 ? 1 : 0) | (phase[lower] !== 0 ? 4 : 0);
    for (let x = insideOnly; x < width; x++) {
      const right = (hasUpper && phase[upper + x] !== 0 ? 2 : 0) | (hasLower && phase[lower + x] !== 0 ? 8 : 0);
      out[left | right]++;
      left = right >> 1;
    }
    if (insideOnly === 0) out[left]++;
  }
}
