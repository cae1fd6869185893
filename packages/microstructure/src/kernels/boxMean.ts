/**
 * Mean over a (2·radius + 1)² window, the window clipped to the array. Values are first rounded to multiples of `quantum`,
 * which makes every running sum exact below 2⁵³ quanta: a pixel has the same mean, bit for bit, in a tile and in the whole image.
 */
export function boxMean(
  width: number,
  height: number,
  source: Float32Array,
  radius: number,
  quantum: number,
  out: Float32Array,
): void {
  const columns = new Float64Array(width);
  const inverse = 1 / quantum;
  for (let y = 0; y <= Math.min(radius, height - 1); y++) {
    for (let x = 0; x < width; x++) columns[x] += Math.round(source[y * width + x] * inverse);
  }
  for (let y = 0; y < height; y++) {
    const rows = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    let sum = 0;
    for (let x = 0; x <= Math.min(radius, width - 1); x++) sum += columns[x];
    for (let x = 0; x < width; x++) {
      const count = Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1;
      out[y * width + x] = (sum * quantum) / (rows * count);
      if (x + radius + 1 < width) sum += columns[x + radius + 1];
      if (x - radius >= 0) sum -= columns[x - radius];
    }
    if (y + radius + 1 < height) {
      const row = (y + radius + 1) * width;
      for (let x = 0; x < width; x++) columns[x] += Math.round(source[row + x] * inverse);
    }
    if (y - radius >= 0) {
      const row = (y - radius) * width;
      for (let x = 0; x < width; x++) columns[x] -= Math.round(source[row + x] * inverse);
    }
  }
}

/** Smallest, largest, mean and standard deviation of eight values round a pixel, at flat `offsets`. */
export function ringStatistics(
  size: number,
  source: Float32Array,
  offsets: Int32Array,
  smallest: Float32Array,
  largest: Float32Array,
  mean: Float32Array,
  deviation: Float32Array,
): void {
  let margin = 0;
  for (let k = 0; k < 8; k++) margin = Math.max(margin, Math.abs(offsets[k]));
  smallest.fill(0);
  largest.fill(0);
  mean.fill(0);
  deviation.fill(0);
  for (let i = margin; i < size - margin; i++) {
    let low = Infinity;
    let high = -Infinity;
    let sum = 0;
    let squares = 0;
    const centre = source[i];
    for (let k = 0; k < 8; k++) {
      const v = source[i + offsets[k]];
      if (v < low) low = v;
      if (v > high) high = v;
      sum += v - centre;
      squares += (v - centre) * (v - centre);
    }
    const m = sum / 8;
    smallest[i] = low;
    largest[i] = high;
    mean[i] = m + centre;
    deviation[i] = Math.sqrt(Math.max(0, squares / 8 - m * m));
  }
}
