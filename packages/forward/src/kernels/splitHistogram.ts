import { recordSplit } from "./recordSplit.ts";
import { COARSE_MISSING, SPLIT_SCORE, TIE } from "./treeData.ts";

/** Numbers per bin of a kept histogram: rows, weight, weighted target. */
export const HISTOGRAM_STRIDE = 3;

/** Adds the rows start … end − 1 to the histograms of all listed columns; `histogram` comes in zeroed. */
export function buildHistogram(
  n: number,
  start: number,
  end: number,
  features: Int32Array,
  coarse: Uint8Array,
  rows: Int32Array,
  w: Float64Array,
  wy: Float64Array,
  histogram: Float64Array,
): void {
  for (let k = 0; k < features.length; k++) {
    const base = features[k] * n;
    const offset = features[k] * 256 * HISTOGRAM_STRIDE;
    for (let i = start; i < end; i++) {
      const at = offset + coarse[base + rows[i]] * HISTOGRAM_STRIDE;
      histogram[at] += 1;
      histogram[at + 1] += w[i];
      histogram[at + 2] += wy[i];
    }
  }
}

/** Turns the parent's histogram into the sibling's: `parent −= child`. */
export function subtractHistogram(length: number, child: Float64Array, parent: Float64Array): void {
  for (let i = 0; i < length; i++) parent[i] -= child[i];
}

/**
 * Best split of a large node on one column, from its histogram. Score as in `splitSorted`.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitHistogram(
  feature: number,
  histogram: Float64Array,
  totalW: number,
  totalWy: number,
  minLeaf: number,
  coarseLow: Float64Array,
  coarseHigh: Float64Array,
  split: Float64Array,
): number {
  const base = feature * 256 * HISTOGRAM_STRIDE;
  const offset = feature << 8;
  const atMissing = base + COARSE_MISSING * HISTOGRAM_STRIDE;
  const hasMissing = histogram[atMissing] > 0;
  const missingW = hasMissing ? histogram[atMissing + 1] : 0;
  const missingWy = hasMissing ? histogram[atMissing + 2] : 0;
  const mean = totalWy / totalW;
  let best = split[SPLIT_SCORE];
  let previous = -1;
  let nOccupied = 0;
  let sumW = 0;
  let sumWy = 0;
  for (let code = 0; code < 256; code++) {
    const at = base + code * HISTOGRAM_STRIDE;
    if (histogram[at] === 0) continue;
    nOccupied++;
    if (previous >= 0) {
      const low = code === COARSE_MISSING ? Number.POSITIVE_INFINITY : coarseLow[offset + code];
      const rightW = totalW - sumW;
      if (sumW >= minLeaf && rightW >= minLeaf) {
        const excess = sumWy - sumW * mean;
        const score = (excess * excess) / (sumW * rightW);
        if (score > best * TIE) {
          best = score;
          recordSplit(split, score, feature, coarseHigh[offset + previous], low, previous, 0, 0);
        }
      }
      if (hasMissing && code !== COARSE_MISSING) {
        const leftW = sumW + missingW;
        const restW = totalW - leftW;
        if (leftW >= minLeaf && restW >= minLeaf) {
          const excess = sumWy + missingWy - leftW * mean;
          const score = (excess * excess) / (leftW * restW);
          if (score > best * TIE) {
            best = score;
            recordSplit(split, score, feature, coarseHigh[offset + previous], low, previous, 0, 1);
          }
        }
      }
    }
    sumW += histogram[at + 1];
    sumWy += histogram[at + 2];
    previous = code;
  }
  return nOccupied > 1 ? 1 : 0;
}
