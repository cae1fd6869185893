import type { Raster } from "@materiome/core";
import { medianOfBytes, medianOfLevels } from "../kernels/index.ts";
import { checkImage, checkWhole, mapChannels } from "./checkImage.ts";

export interface MedianFilterOptions {
  /** Half edge of the square window of (2 r + 1)² pixels. @defaultValue 1 */
  readonly radiusPx?: number | undefined;
}

/**
 * Median over a square window, borders mirrored (… b a | a b …). Removes single wrong pixels and keeps edges.
 *
 * Exact for any grey values, as the histogram counts the distinct values of the image: with up to 256 of them (8-bit images) at a
 * cost that does not depend on the radius, otherwise with a window that slides along rows.
 *
 * @param image - one channel, or three, each by itself; up to 2²⁴ distinct values a channel
 * @returns same size and calibration, of values that occur in the image
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or radiusPx outside 0 … 1000
 * @see S. Perreault, P. Hébert, IEEE Trans. Image Process. 16, 2389 (2007), doi:10.1109/TIP.2007.902329
 * @example
 * const clean = medianFilter(image, { radiusPx: 2 });
 */
export function medianFilter(image: Raster<Float32Array>, options: MedianFilterOptions = {}): Raster<Float32Array> {
  const caller = "medianFilter";
  checkImage(caller, image);
  const radius = checkWhole(caller, "radiusPx", options.radiusPx ?? 1, 0, 1000);
  const { width, height } = image;
  return mapChannels(image, (values, out) => {
    const distinct = distinctValues(values);
    checkWhole(caller, "number of distinct values", distinct.length, 1, 1 << 24);
    const levels = ranks(values, distinct);
    const medians = new Uint32Array(levels.length);
    if (distinct.length <= 256) medianOfBytes(width, height, levels, radius, medians);
    else medianOfLevels(width, height, levels, distinct.length, radius, medians);
    for (let i = 0; i < out.length; i++) out[i] = distinct[medians[i]!]!; // medians are levels that occur
  });
}

function distinctValues(values: Float32Array): Float32Array {
  const sorted = values.slice().sort();
  let n = 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) sorted[n++] = sorted[i]!; // i < length
  return sorted.subarray(0, n);
}

function ranks(values: Float32Array, distinct: Float32Array): Uint32Array {
  const out = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!; // i < length
    let low = 0;
    let high = distinct.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle]! < value)
        low = middle + 1; // low ≤ middle < high
      else high = middle;
    }
    out[i] = low;
  }
  return out;
}
