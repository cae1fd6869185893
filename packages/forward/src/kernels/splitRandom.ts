import { nextFraction } from "./randomState.ts";
import {
  FINE_MISSING,
  SPLIT_CODE,
  SPLIT_FEATURE,
  SPLIT_IS_FINE,
  SPLIT_MISSING_LEFT,
  SPLIT_SCORE,
  SPLIT_THRESHOLD,
  TIE,
} from "./treeData.ts";

/**
 * One random split of a node on one column (extremely randomised trees, doi:10.1007/s10994-006-6226-1): a threshold
 * drawn uniformly between the smallest and the largest value in the node, kept if it is the best so far. Missing values
 * go to the side that scores better. Score as in `splitSorted`.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitRandom(
  m: number,
  start: number,
  feature: number,
  fine: Uint16Array,
  base: number,
  rows: Int32Array,
  w: Float64Array,
  wy: Float64Array,
  totalW: number,
  totalWy: number,
  minLeaf: number,
  fineLow: Float64Array,
  offset: number,
  keys: Int32Array,
  random: Int32Array,
  split: Float64Array,
): number {
  let first = 65536;
  let last = -1;
  let missingW = 0;
  let missingWy = 0;
  let nMissing = 0;
  for (let i = 0; i < m; i++) {
    const code = fine[base + rows[start + i]];
    keys[i] = code;
    if (code === FINE_MISSING) {
      missingW += w[start + i];
      missingWy += wy[start + i];
      nMissing++;
    } else {
      if (code < first) first = code;
      if (code > last) last = code;
    }
  }
  if (last < 0 || (first === last && nMissing === 0)) return 0;
  let threshold = Number.POSITIVE_INFINITY;
  let cut = last;
  if (first < last) {
    const lowest = fineLow[offset + first];
    const highest = fineLow[offset + last];
    threshold = lowest + nextFraction(random) * (highest - lowest);
    if (!(threshold < highest)) threshold = lowest;
    // Largest code whose value is at most the threshold.
    cut = first;
    let above = last;
    while (above - cut > 1) {
      const middle = (cut + above) >> 1;
      if (fineLow[offset + middle] <= threshold) cut = middle;
      else above = middle;
    }
  }
  const mean = totalWy / totalW;
  let sumW = 0;
  let sumWy = 0;
  for (let i = 0; i < m; i++) {
    if (keys[i] <= cut) {
      sumW += w[start + i];
      sumWy += wy[start + i];
    }
  }
  for (let missingLeft = 0; missingLeft < 2; missingLeft++) {
    if (missingLeft === 1) {
      if (nMissing === 0 || first === last) break;
      sumW += missingW;
      sumWy += missingWy;
    }
    const rightW = totalW - sumW;
    if (sumW < minLeaf || rightW < minLeaf) continue;
    const excess = sumWy - sumW * mean;
    const score = (excess * excess) / (sumW * rightW);
    if (score > split[SPLIT_SCORE] * TIE) {
      split[SPLIT_SCORE] = score;
      split[SPLIT_FEATURE] = feature;
      split[SPLIT_THRESHOLD] = threshold;
      split[SPLIT_CODE] = cut;
      split[SPLIT_IS_FINE] = 1;
      split[SPLIT_MISSING_LEFT] = missingLeft;
    }
  }
  return 1;
}
