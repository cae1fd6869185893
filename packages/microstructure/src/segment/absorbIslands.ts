import type { BandSpace } from "../bands/bandSpace.ts";
import { floodBands } from "../bands/floodBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface AbsorbIslandsResult {
  readonly labels: RowStore<Uint32Array>;
  readonly nRegions: number;
  readonly nIslands: number;
}

/**
 * Gives regions that are as dark as the boundary lines (pearlite, second phase, filled triple points) to the grains around
 * them, each pixel to the nearest: ASTM E112 counts grains of the matrix, islands absorbed. Labels become 1 … n.
 *
 * A region is an island when nine tenths of its pixels are darker than 35 % of the way from the median grey of the
 * boundary lines to that of the grain interiors, and when no line of still darker grey runs around it, as it does around a
 * dark grain: its inside is at most a tenth of that way brighter than its rim.
 *
 * @param flat - flattened grey with dark boundaries
 * @param labels - partition 1 … nRegions; closed where another store takes its place
 */
export function absorbIslands(
  space: BandSpace,
  flat: RowReader<Float32Array>,
  labels: RowStore<Uint32Array>,
  nRegions: number,
  levels: { readonly line: number; readonly grain: number },
): AbsorbIslandsResult {
  const { width, height } = space;
  const limit = levels.line + 0.35 * (levels.grain - levels.line);
  const area = new Float64Array(nRegions + 1);
  const darkArea = new Float64Array(nRegions + 1);
  const rim = { area: new Float64Array(nRegions + 1), sum: new Float64Array(nRegions + 1) };
  const inside = { area: new Float64Array(nRegions + 1), sum: new Float64Array(nRegions + 1) };
  for (const { from, to, top } of space.bands(1)) {
    const rows = labels.read(top, Math.min(height, to + 1));
    const greys = flat.read(from, to);
    const first = (from - top) * width;
    for (let k = 0; k < greys.length; k++) {
      const i = first + k;
      const label = rows[i]!; // rows hold one row more on each side inside the image; labels are 1 … nRegions
      const grey = greys[k]!;
      area[label]! += 1;
      if (grey < limit) darkArea[label]! += 1;
      const x = i % width;
      const isRim =
        (x > 0 && rows[i - 1] !== label) ||
        (x < width - 1 && rows[i + 1] !== label) ||
        (i >= width && rows[i - width] !== label) ||
        (i + width < rows.length && rows[i + width] !== label);
      const part = isRim ? rim : inside;
      part.area[label]! += 1;
      part.sum[label]! += grey;
    }
  }
  const isIsland = (k: number): boolean => {
    if (darkArea[k]! < 0.9 * area[k]!) return false; // k ≤ nRegions, as below
    if (inside.area[k] === 0 || rim.area[k] === 0) return true;
    const step = inside.sum[k]! / inside.area[k]! - rim.sum[k]! / rim.area[k]!;
    return step <= 0.1 * (levels.grain - levels.line);
  };
  const number = new Uint32Array(nRegions + 1);
  let n = 0;
  for (let k = 1; k <= nRegions; k++) if (!isIsland(k)) number[k] = ++n;
  const nIslands = nRegions - n;
  if (nIslands === 0 || n === 0) return { labels, nRegions, nIslands: 0 };
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = number[rows[i]!]!; // labels are below its length
    labels.write(from, rows);
  }
  const even: RowReader<Uint16Array> = { width, height, read: (from, to) => new Uint16Array((to - from) * width) };
  const filled = space.store("uint32");
  floodBands(space, even, 1, labels, filled);
  labels.close();
  return { labels: filled, nRegions: n, nIslands };
}
