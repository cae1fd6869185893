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
  let largest = 0;
  sweep(space, mask, out, (rows) => {
    for (let i = 0; i < rows.length; i++) {
      const distance = Math.sqrt(rows[i]!); // i < length
      rows[i] = distance;
      if (distance > largest) largest = distance;
    }
  });
  return largest;
}

/** The squares of these distances, whole numbers: exact up to 2²⁴ (4096 px). */
export function squaredDistanceBands(space: BandSpace, mask: RowReader<Uint8Array>, out: RowStore<Float32Array>): void {
  sweep(space, mask, out, () => {});
}

/** @param finish - gets rows of squared distances, to be changed in place */
function sweep(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  out: RowStore<Float32Array>,
  finish: (rows: Float32Array) => void,
): void {
  const { width } = space;
  const steps = new Int32Array(width).fill(FAR);
  for (const { from, to } of space.bands(0)) {
    const rows = out.read(from, to);
    distanceDown(width, to - from, mask.read(from, to), steps, rows);
    out.write(from, rows);
  }
  steps.fill(FAR);
  for (const { from, to } of space.bands(0).reverse()) {
    const rows = out.read(from, to);
    distanceUp(width, to - from, mask.read(from, to), steps, rows);
    finish(rows);
    out.write(from, rows);
  }
}
