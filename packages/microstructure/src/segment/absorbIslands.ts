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
 * boundary lines to that of the grain interiors. A dark grain differs from it by the line of even darker grey around it.
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
  for (const [i, label] of labels.entries()) {
    area[label]! += 1; // labels are 1 … nRegions
    if (flat[i]! < limit) darkArea[label]! += 1;
  }
  const number = new Uint32Array(nRegions + 1);
  let n = 0;
  for (let k = 1; k <= nRegions; k++) if (darkArea[k]! < 0.9 * area[k]!) number[k] = ++n;
  const nIslands = nRegions - n;
  if (nIslands === 0 || n === 0) return { nRegions, nIslands: 0 };
  for (const [i, label] of labels.entries()) labels[i] = number[label]!;
  watershed(width, height, new Uint16Array(labels.length), 1, labels);
  return { nRegions: n, nIslands };
}
