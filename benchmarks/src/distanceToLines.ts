import type { Raster } from "@materiome/core";

/** Euclidean distance of every pixel to the nearest line pixel, px, up to `LIMIT`; beyond it, Infinity. */
export function distanceToLines({ data, width, height }: Raster<Uint8Array>): Float32Array {
  const out = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  for (const [i, value] of data.entries()) {
    if (value === 0) continue;
    const cx = i % width;
    const cy = (i - cx) / width;
    for (let y = Math.max(0, cy - LIMIT); y <= Math.min(height - 1, cy + LIMIT); y++) {
      for (let x = Math.max(0, cx - LIMIT); x <= Math.min(width - 1, cx + LIMIT); x++) {
        const at = y * width + x;
        out[at] = Math.min(out[at] as number, Math.hypot(x - cx, y - cy)); // within the image
      }
    }
  }
  return out;
}

const LIMIT = 4;
