import { recordSplit } from "./recordSplit.ts";
import { COARSE_MISSING, SPLIT_SCORE, TIE } from "./treeData.ts";

/**
 * Best split of a middle-sized node on one column: a histogram of the coarse codes with a bit set of the occupied bins,
 * so that the sweep visits only those. `bins` (weight and weighted target per bin) and `occupied` (8 words) come in
 * zeroed and are left zeroed. Score as in `splitSorted`.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitBinned(
  m: number,
  start: number,
  feature: number,
  coarse: Uint8Array,
  base: number,
  rows: Int32Array,
  w: Float64Array,
  wy: Float64Array,
  totalW: number,
  totalWy: number,
  minLeaf: number,
  coarseLow: Float64Array,
  coarseHigh: Float64Array,
  bins: Float64Array,
  occupied: Int32Array,
  split: Float64Array,
): number {
  const end = start + m;
  for (let i = start; i < end; i++) {
    const code = coarse[base + rows[i]];
    const at = code << 1;
    bins[at] += w[i];
    bins[at + 1] += wy[i];
    occupied[code >> 5] |= 1 << (code & 31);
  }
  const offset = feature << 8;
  const missingBit = 1 << (COARSE_MISSING & 31);
  const hasMissing = (occupied[7] & missingBit) !== 0;
  const missingW = hasMissing ? bins[COARSE_MISSING << 1] : 0;
  const missingWy = hasMissing ? bins[(COARSE_MISSING << 1) + 1] : 0;
  const mean = totalWy / totalW;
  let best = split[SPLIT_SCORE];
  let previous = -1;
  let nOccupied = 0;
  let sumW = 0;
  let sumWy = 0;
  for (let word = 0; word < 8; word++) {
    let bits = occupied[word];
    occupied[word] = 0;
    while (bits !== 0) {
      const bit = bits & -bits;
      bits ^= bit;
      const code = (word << 5) | (31 - Math.clz32(bit));
      nOccupied++;
      if (previous >= 0) {
        // Split between the bins `previous` and `code`.
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
      const at = code << 1;
      sumW += bins[at];
      sumWy += bins[at + 1];
      bins[at] = 0;
      bins[at + 1] = 0;
      previous = code;
    }
  }
  return nOccupied > 1 ? 1 : 0;
}
