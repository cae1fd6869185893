import { watershed } from "../kernels/index.ts";

export interface AbsorbIslandsResult {
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
 * @param labels - partition 1 … nRegions, changed in place
 */
export function absorbIslands(
  width: number,
  height: number,
  flat: Float32Array,
  labels: Uint32Array,
  nRegions: number,
  levels: { readonly line: number; readonly grain: number },
): AbsorbIslandsResult {
  const limit = levels.line + 0.35 * (levels.grain - levels.line);
  const area = new Float64Array(nRegions + 1);
  const darkArea = new Float64Array(nRegions + 1);
  const rim = { area: new Float64Array(nRegions + 1), sum: new Float64Array(nRegions + 1) };
  const inside = { area: new Float64Array(nRegions + 1), sum: new Float64Array(nRegions + 1) };
  for (const [i, label] of labels.entries()) {
    const grey = flat[i]!; // as long as labels, which are 1 … nRegions
    area[label]! += 1;
    if (grey < limit) darkArea[label]! += 1;
    const x = i % width;
    const isRim =
      (x > 0 && labels[i - 1] !== label) ||
      (x < width - 1 && labels[i + 1] !== label) ||
      (i >= width && labels[i - width] !== label) ||
      (i + width < labels.length && labels[i + width] !== label);
    const part = isRim ? rim : inside;
    part.area[label]! += 1;
    part.sum[label]! += grey;
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
  if (nIslands === 0 || n === 0) return { nRegions, nIslands: 0 };
  for (const [i, label] of labels.entries()) labels[i] = number[label]!;
  watershed(width, height, new Uint16Array(labels.length), 1, labels);
  return { nRegions: n, nIslands };
}
