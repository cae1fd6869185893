import { recordSplit } from "./recordSplit.ts";
import { FINE_MISSING, SPLIT_SCORE, TIE } from "./treeData.ts";

/**
 * Best exact split of a small node (m ≤ 64) on one column: insertion sort of the fine codes, then one sweep.
 * The score to maximise is (Sl − Wl ȳ)² / (Wl Wr), which orders splits as the decrease of the summed squared error does; scores
 * within rounding of each other count as equal, so that the random order of the columns breaks ties.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitSorted(
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
  fineHigh: Float64Array,
  offset: number,
  keys: Int32Array,
  split: Float64Array,
): number {
  let first = 65536;
  let last = -1;
  for (let i = 0; i < m; i++) {
    const code = fine[base + rows[start + i]];
    if (code < first) first = code;
    if (code > last) last = code;
    const key = (code << 6) | i;
    let j = i - 1;
    while (j >= 0 && keys[j] > key) {
      keys[j + 1] = keys[j];
      j--;
    }
    keys[j + 1] = key;
  }
  if (first === last) return 0;
  let missingW = 0;
  let missingWy = 0;
  let nMissing = 0;
  if (last === FINE_MISSING) {
    for (let i = m - 1; keys[i] >> 6 === FINE_MISSING; i--) {
      const at = start + (keys[i] & 63);
      missingW += w[at];
      missingWy += wy[at];
      nMissing++;
    }
  }
  const present = m - nMissing;
  const mean = totalWy / totalW;
  let best = split[SPLIT_SCORE];
  let sumW = 0;
  let sumWy = 0;
  for (let i = 0; i < present; i++) {
    const key = keys[i];
    const at = start + (key & 63);
    sumW += w[at];
    sumWy += wy[at];
    const code = key >> 6;
    const next = i + 1 < m ? keys[i + 1] >> 6 : code;
    if (next === code) continue;
    const low = next === FINE_MISSING ? Number.POSITIVE_INFINITY : fineLow[offset + next];
    const rightW = totalW - sumW;
    if (sumW >= minLeaf && rightW >= minLeaf) {
      const excess = sumWy - sumW * mean;
      const score = (excess * excess) / (sumW * rightW);
      if (score > best * TIE) {
        best = score;
        recordSplit(split, score, feature, fineHigh[offset + code], low, code, 1, 0);
      }
    }
    if (nMissing > 0 && i + 1 < present) {
      const leftW = sumW + missingW;
      const restW = totalW - leftW;
      if (leftW >= minLeaf && restW >= minLeaf) {
        const excess = sumWy + missingWy - leftW * mean;
        const score = (excess * excess) / (leftW * restW);
        if (score > best * TIE) {
          best = score;
          recordSplit(split, score, feature, fineHigh[offset + code], low, code, 1, 1);
        }
      }
    }
  }
  return 1;
}
