import type { Raster } from "@materiome/core";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";

/**
 * Standard deviation of pixel noise, from the second mixed difference that a smooth image does not have:
 * median |I ∗ [1 −2 1; −2 4 −2; 1 −2 1]| / (6 · 0.6745), robust against edges (J. Immerkær, Comput. Vis. Image Underst.
 * 64, 300 (1996), doi:10.1006/cviu.1996.0060, with the median in place of the mean).
 *
 * Noise that the camera or JPEG has smoothed is underestimated.
 *
 * @param grey - one channel, at least 3 × 3 px
 * @returns standard deviation in the units of the image
 * @example
 * const sigma = estimateNoise(micrograph.grey);
 */
export function estimateNoise(grey: Raster<Float32Array>): number {
  return noiseOfRows(memoryStore("float32", grey.width, grey.height, grey.data));
}

/** `estimateNoise` of an image that need not be in memory. */
export function noiseOfRows(grey: RowReader<Float32Array>): number {
  const { width, height } = grey;
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 60_000)));
  const values = new Float64Array(Math.ceil(width / step) * Math.ceil(height / step));
  let n = 0;
  for (let y = 1; y < height - 1; y += step) {
    const data = grey.read(y - 1, y + 2);
    for (let x = 1; x < width - 1; x += step) {
      const i = width + x;
      const corners = data[i - width - 1]! + data[i - width + 1]! + data[i + width - 1]! + data[i + width + 1]!;
      const sides = data[i - width]! + data[i + width]! + data[i - 1]! + data[i + 1]!; // three rows, 1 ≤ x < width − 1
      values[n++] = Math.abs(corners - 2 * sides + 4 * data[i]!);
    }
  }
  if (n === 0) return 0;
  return values.subarray(0, n).sort()[n >> 1]! / (6 * 0.6745); // n ≥ 1
}
