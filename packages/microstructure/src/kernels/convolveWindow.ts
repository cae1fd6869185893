import { reflectIndex } from "./reflectIndex.ts";

/**
 * Weighted mean over a square window: out(x, y) = Σ w(dx, dy) source(x + dx, y + dy), |dx|, |dy| ≤ radius, weights row by row.
 * Borders reflect about the edge of the image. Terms of weight 0 cost nothing. `out` is not `source`.
 */
export function convolveWindow(
  width: number,
  height: number,
  source: Float32Array,
  radius: number,
  weights: Float64Array,
  out: Float32Array,
): void {
  const side = 2 * radius + 1;
  const line = new Float64Array(width + 2 * radius);
  const total = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    total.fill(0);
    for (let dy = -radius; dy <= radius; dy++) {
      const row = reflectIndex(y + dy, height) * width;
      for (let x = 0; x < radius; x++) {
        line[x] = source[row + reflectIndex(x - radius, width)];
        line[radius + width + x] = source[row + reflectIndex(width + x, width)];
      }
      for (let x = 0; x < width; x++) line[radius + x] = source[row + x];
      for (let k = 0; k < side; k++) {
        const weight = weights[(dy + radius) * side + k];
        if (weight === 0) continue;
        for (let x = 0; x < width; x++) total[x] += weight * line[x + k];
      }
    }
    for (let x = 0; x < width; x++) out[y * width + x] = total[x];
  }
}
