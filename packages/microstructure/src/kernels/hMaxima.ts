import { connectedComponents } from "./connectedComponents.ts";
import { reconstruct } from "./reconstruct.ts";

/**
 * Marks the regional maxima whose dynamics is sufficient: one seed label (1 … n, in raster order) on the highest pixel of
 * each kept maximum, the first of several, 0 elsewhere; returns n.
 *
 * Where a hill of height m meets a higher one at level v, it is dropped when m − v < max(hAbsolute, hRelative · m).
 * With `hRelative` = 0 these are the maxima of the h-maxima transform (Soille, Morphological Image Analysis, 2nd ed., section
 * 6.3.4). Values ≤ 0 belong to no hill; a hill that meets no higher one is kept.
 */
export function hMaxima(
  width: number,
  height: number,
  values: Float32Array,
  hAbsolute: number,
  hRelative: number,
  seeds: Uint32Array,
): number {
  const size = width * height;
  const mask = new Uint32Array(size);
  const marker = new Uint32Array(size);
  hillRanks(size, values, hAbsolute, hRelative, mask, marker);
  reconstruct(width, height, mask, marker);
  const tops = new Uint8Array(size);
  for (let i = 0; i < size; i++) tops[i] = marker[i] & 1;
  const n = connectedComponents(width, height, tops, 8, seeds);
  const peak = new Int32Array(n + 1).fill(-1);
  for (let i = 0; i < size; i++) {
    const k = seeds[i];
    if (k !== 0 && (peak[k] < 0 || values[i] > values[peak[k]])) peak[k] = i;
  }
  peak[0] = 0;
  peak.sort();
  seeds.fill(0);
  for (let k = 1; k <= n; k++) seeds[peak[k]] = k;
  return n;
}

/**
 * Ranks for `reconstruct` that find the maxima of `hMaxima`: `mask` gets twice the place of each value among all 32-bit
 * floats, an even number; `marker` the odd number just above the highest value at which its hill may meet a higher one and be
 * kept. Odd never equals even, so after reconstruction the odd pixels are exactly the tops of the kept hills. 0 where value ≤ 0.
 */
export function hillRanks(
  size: number,
  values: Float32Array,
  hAbsolute: number,
  hRelative: number,
  mask: Uint32Array,
  marker: Uint32Array,
): void {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer); // of positive floats in the order of their values
  for (let i = 0; i < size; i++) {
    const value = values[i];
    if (!(value > 0)) {
      mask[i] = 0;
      marker[i] = 0;
      continue;
    }
    float[0] = value;
    const own = bits[0];
    mask[i] = 2 * own;
    const needed = Math.max(hRelative * value, hAbsolute);
    const lowest = value - needed;
    if (!(lowest > 0)) {
      marker[i] = 1;
      continue;
    }
    float[0] = lowest;
    let rank = bits[0];
    if (float[0] > lowest) rank--;
    if (rank >= own) rank = own - 1;
    marker[i] = 2 * rank + 1;
  }
}
