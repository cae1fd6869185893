import { distanceDown, distanceUp, FAR } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * Exact Euclidean distance of every pixel to the nearest pixel with a non-zero mask, px; `Infinity` where there is none.
 * Down all bands, then up and along the rows.
 *
 * @returns the largest distance
 */
export function distanceBands(space: BandSpace, mask: RowReader<Uint8Array>, out: RowStore<Float32Array>): number {
  const { width } = space;
  const steps = new Int32Array(width).fill(FAR);
  for (const { from, to } of space.bands(0)) {
    const rows = out.read(from, to);
    distanceDown(width, to - from, mask.read(from, to), steps, rows);
    out.write(from, rows);
  }
  steps.fill(FAR);
  let largest = 0;
  for (const { from, to } of space.bands(0).reverse()) {
    const rows = out.read(from, to);
    distanceUp(width, to - from, mask.read(from, to), steps, rows);
    for (let i = 0; i < rows.length; i++) {
      const distance = Math.sqrt(rows[i]!); // i < length
      rows[i] = distance;
      if (distance > largest) largest = distance;
    }
    out.write(from, rows);
  }
  return largest;
}
