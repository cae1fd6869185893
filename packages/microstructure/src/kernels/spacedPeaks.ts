/**
 * Keeps, in place and in the order given, each pixel of a list that is farther than `spacing` (the larger of |dx|, |dy|) from all
 * kept before; returns their number.
 */
export function spacedPeaks(width: number, height: number, spacing: number, count: number, pixels: Int32Array): number {
  // Kept peaks are more than `spacing` apart, so a cell of that width holds at most one.
  const cell = spacing + 1;
  const nX = Math.ceil(width / cell);
  const nY = Math.ceil(height / cell);
  const held = new Int32Array(nX * nY).fill(-1);
  let n = 0;
  for (let a = 0; a < count; a++) {
    const i = pixels[a];
    const x = i % width;
    const y = (i - x) / width;
    const cx = Math.floor(x / cell);
    const cy = Math.floor(y / cell);
    let isFree = true;
    for (let v = Math.max(0, cy - 1); v <= Math.min(nY - 1, cy + 1) && isFree; v++) {
      for (let u = Math.max(0, cx - 1); u <= Math.min(nX - 1, cx + 1); u++) {
        const other = held[v * nX + u];
        if (other < 0) continue;
        const ox = other % width;
        const oy = (other - ox) / width;
        if (Math.abs(ox - x) <= spacing && Math.abs(oy - y) <= spacing) {
          isFree = false;
          break;
        }
      }
    }
    if (!isFree) continue;
    held[cy * nX + cx] = i;
    pixels[n++] = i;
  }
  return n;
}

/**
 * Pixels above `threshold` that none of the eight around them exceeds, in raster order, into `out`; returns their number.
 */
export function ridgePixels(
  width: number,
  height: number,
  values: Float32Array,
  threshold: number,
  out: Int32Array,
): number {
  let n = 0;
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const v = values[i];
      if (!(v > threshold)) continue;
      const left = x > 0 ? -1 : 0;
      const right = x < width - 1 ? 1 : 0;
      if (values[i + left] > v || values[i + right] > v || values[i + up] > v || values[i + down] > v) continue;
      if (values[i + up + left] > v || values[i + up + right] > v) continue;
      if (values[i + down + left] > v || values[i + down + right] > v) continue;
      out[n++] = i;
    }
  }
  return n;
}

/** Keeps, in place, the pixels of a list that none within `radius` (the larger of |dx|, |dy|) exceeds; returns their number. */
export function windowPeaks(
  width: number,
  height: number,
  values: Float32Array,
  radius: number,
  count: number,
  pixels: Int32Array,
): number {
  let n = 0;
  for (let a = 0; a < count; a++) {
    const i = pixels[a];
    const v = values[i];
    const x = i % width;
    const y = (i - x) / width;
    const x0 = Math.max(0, x - radius);
    const x1 = Math.min(width - 1, x + radius);
    const y1 = Math.min(height - 1, y + radius);
    let isPeak = true;
    for (let yy = Math.max(0, y - radius); yy <= y1 && isPeak; yy++) {
      for (let j = yy * width + x0, stop = yy * width + x1; j <= stop; j++) {
        if (values[j] > v) {
          isPeak = false;
          break;
        }
      }
    }
    if (isPeak) pixels[n++] = i;
  }
  return n;
}
