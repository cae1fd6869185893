import type { BandSpace } from "../bands/bandSpace.ts";
import { reconstructBands } from "../bands/reconstructBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

/**
 * Depth of every pixel below the level at which its basin overflows, full scale 1, in 4095 steps: grey reconstruction by
 * erosion, as by dilation upside down. On the border of the image the relief drains at the median grey of the border pixels
 * within an eighth of the side.
 *
 * @param values - clamped to 0 … 1
 */
export function basinDepths(space: BandSpace, values: RowReader<Float32Array>): RowStore<Float32Array> {
  const { width, height } = space;
  const hills = space.store("uint32");
  const left = new Uint16Array(height);
  const right = new Uint16Array(height);
  for (const { from, to } of space.bands(0)) {
    const rows = values.read(from, to);
    const levels = hills.read(from, to);
    for (let i = 0; i < rows.length; i++) levels[i] = Math.round(TOP * (1 - Math.min(1, Math.max(0, rows[i]!)))); // same length
    for (let y = from; y < to; y++) {
      left[y] = levels[(y - from) * width]!; // inside the band
      right[y] = levels[(y - from + 1) * width - 1]!;
    }
    hills.write(from, levels);
  }
  const first = drainOf(Uint16Array.from(hills.read(0, 1)));
  const last = drainOf(Uint16Array.from(hills.read(height - 1, height)));
  const drainLeft = drainOf(left);
  const drainRight = drainOf(right);
  const filled = space.store("uint32");
  reconstructBands(
    space,
    (top, bottom) => {
      const mask = hills.read(top, bottom);
      const marker = new Uint32Array(mask.length);
      if (top === 0) marker.set(first);
      if (bottom === height) marker.set(last, marker.length - width);
      for (let y = top, i = 0; y < bottom; y++, i += width) {
        marker[i] = drainLeft[y]!; // y < height
        marker[i + width - 1] = drainRight[y]!;
      }
      return { mask, marker };
    },
    filled,
  );
  const depth = space.store("float32");
  for (const { from, to } of space.bands(0)) {
    const own = hills.read(from, to);
    const level = filled.read(from, to);
    const rows = depth.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = (own[i]! - level[i]!) / TOP; // same length
    depth.write(from, rows);
  }
  hills.close();
  filled.close();
  return depth;
}

const N_LEVELS = 4096;
const TOP = N_LEVELS - 1;
/** Depths below this are rounding. */
export const LEAST_DEPTH: number = 1.5 / N_LEVELS;

/** Along one side, the level of every pixel, at most the median of those around it. */
function drainOf(side: Uint16Array): Uint16Array {
  const n = side.length;
  const reach = Math.max(8, Math.round(n / 8));
  const counts = new Uint32Array(N_LEVELS);
  const drain = new Uint16Array(n);
  // The window slides along the side; `below` of its values are less than `middle`.
  let middle = 0;
  let below = 0;
  const change = (k: number, by: 1 | -1): void => {
    counts[side[k]!]! += by; // k < n; levels are below N_LEVELS
    if (side[k]! < middle) below += by;
  };
  for (let k = 0; k < Math.min(n, reach); k++) change(k, 1);
  for (let k = 0; k < n; k++) {
    if (k + reach < n) change(k + reach, 1);
    if (k - reach - 1 >= 0) change(k - reach - 1, -1);
    const rank = (Math.min(n, k + reach + 1) - Math.max(0, k - reach)) >> 1;
    while (below > rank) below -= counts[--middle]!; // levels 0 … N_LEVELS − 1
    while (below + counts[middle]! <= rank) below += counts[middle++]!;
    drain[k] = Math.min(side[k]!, middle);
  }
  return drain;
}
