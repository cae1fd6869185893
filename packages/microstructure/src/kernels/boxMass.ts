/** Summed area table of a phase with one row and column of zeros in front: (width + 1) · (height + 1) numbers. */
export function summedArea(width: number, height: number, phase: Uint8Array, out: Float64Array): void {
  const stride = width + 1;
  out.fill(0, 0, stride);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    out[(y + 1) * stride] = 0;
    for (let x = 0; x < width; x++) {
      if (phase[y * width + x] !== 0) sum++;
      out[(y + 1) * stride + x + 1] = out[y * stride + x + 1] + sum;
    }
  }
}

/** Number of boxes of a grid of edge `size`, from the first pixel on, that hold some of the phase; those at the far borders may be cut. */
export function occupiedBoxes(width: number, height: number, area: Float64Array, size: number): number {
  const stride = width + 1;
  let count = 0;
  for (let y = 0; y < height; y += size) {
    const upper = y * stride;
    const lower = Math.min(y + size, height) * stride;
    for (let x = 0; x < width; x += size) {
      const right = Math.min(x + size, width);
      if (area[lower + right] - area[lower + x] - area[upper + right] + area[upper + x] > 0) count++;
    }
  }
  return count;
}

/** Sum (at 0) and sum of squares (at 1) of the mass in all boxes of edge `size` inside the image; returns their number. */
export function glidingMass(
  width: number,
  height: number,
  area: Float64Array,
  size: number,
  out: Float64Array,
): number {
  const stride = width + 1;
  let sum = 0;
  let squares = 0;
  for (let y = 0; y + size <= height; y++) {
    const upper = y * stride;
    const lower = (y + size) * stride;
    for (let x = 0; x + size <= width; x++) {
      const mass = area[lower + x + size] - area[lower + x] - area[upper + x + size] + area[upper + x];
      sum += mass;
      squares += mass * mass;
    }
  }
  out[0] = sum;
  out[1] = squares;
  return Math.max(0, height - size + 1) * Math.max(0, width - size + 1);
}
