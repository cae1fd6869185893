import { nextFraction } from "./randomState.ts";
import { type CoarseColumns, SPLIT_CODE, SPLIT_FEATURE, SPLIT_SCORE, TIE, type TreeWorkspace } from "./treeData.ts";

/**
 * Best split of a classification node on one column: class weights per coarse code, with a bit set of the occupied codes so
 * that the sweep visits only those. The score to maximise is Σ L²/ΣL + Σ R²/ΣR over the class weights of both sides, which
 * orders splits as the decrease of Gini's impurity does. `bins` ([256, nClasses]) and `occupied` (8 words) come in zeroed and
 * are left zeroed.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitClasses(
  data: CoarseColumns,
  work: TreeWorkspace,
  start: number,
  end: number,
  feature: number,
  nClasses: number,
  totalW: number,
  minLeaf: number,
): number {
  const { coarse } = data;
  const { rows, w, classes, classTotals, bins, occupied, classLeft, split } = work;
  const base = feature * data.n;
  for (let i = start; i < end; i++) {
    const code = coarse[base + rows[i]];
    bins[code * nClasses + classes[i]] += w[i];
    occupied[code >> 5] |= 1 << (code & 31);
  }
  for (let c = 0; c < nClasses; c++) classLeft[c] = 0;
  let best = split[SPLIT_SCORE];
  let previous = -1;
  let nOccupied = 0;
  let leftW = 0;
  for (let word = 0; word < 8; word++) {
    let bits = occupied[word];
    occupied[word] = 0;
    while (bits !== 0) {
      const bit = bits & -bits;
      bits ^= bit;
      const code = (word << 5) | (31 - Math.clz32(bit));
      nOccupied++;
      const rightW = totalW - leftW;
      if (previous >= 0 && leftW >= minLeaf && rightW >= minLeaf && rightW > 0) {
        const score = purity(nClasses, classTotals, classLeft, leftW, rightW);
        if (score > best * TIE) {
          best = score;
          noteSplit(split, score, feature, previous);
        }
      }
      const at = code * nClasses;
      for (let c = 0; c < nClasses; c++) {
        const weight = bins[at + c];
        bins[at + c] = 0;
        classLeft[c] += weight;
        leftW += weight;
      }
      previous = code;
    }
  }
  return nOccupied > 1 ? 1 : 0;
}

/**
 * One random split of a classification node on one column (extremely randomised trees, doi:10.1007/s10994-006-6226-1): a
 * threshold drawn uniformly between the smallest and the largest coarse bin in the node, kept if it is the best so far.
 *
 * @returns 0 if the column is constant in the node, else 1
 */
export function splitClassesRandom(
  data: CoarseColumns,
  work: TreeWorkspace,
  start: number,
  end: number,
  feature: number,
  nClasses: number,
  totalW: number,
  minLeaf: number,
  random: Int32Array,
): number {
  const { coarse, coarseLow } = data;
  const { rows, w, classes, classTotals, keys, classLeft, split } = work;
  const base = feature * data.n;
  const m = end - start;
  let first = 256;
  let last = -1;
  for (let i = 0; i < m; i++) {
    const code = coarse[base + rows[start + i]];
    keys[i] = code;
    if (code < first) first = code;
    if (code > last) last = code;
  }
  if (first === last) return 0;
  const offset = feature << 8;
  const lowest = coarseLow[offset + first];
  const threshold = lowest + nextFraction(random) * (coarseLow[offset + last] - lowest);
  let cut = first;
  let above = last;
  while (above - cut > 1) {
    const middle = (cut + above) >> 1;
    if (coarseLow[offset + middle] <= threshold) cut = middle;
    else above = middle;
  }
  for (let c = 0; c < nClasses; c++) classLeft[c] = 0;
  let leftW = 0;
  for (let i = 0; i < m; i++) {
    if (keys[i] <= cut) {
      classLeft[classes[start + i]] += w[start + i];
      leftW += w[start + i];
    }
  }
  const rightW = totalW - leftW;
  if (leftW >= minLeaf && rightW >= minLeaf && rightW > 0) {
    const score = purity(nClasses, classTotals, classLeft, leftW, rightW);
    if (score > split[SPLIT_SCORE] * TIE) noteSplit(split, score, feature, cut);
  }
  return 1;
}

function purity(
  nClasses: number,
  classTotals: Float64Array,
  classLeft: Float64Array,
  leftW: number,
  rightW: number,
): number {
  let left = 0;
  let right = 0;
  for (let c = 0; c < nClasses; c++) {
    const l = classLeft[c];
    const r = classTotals[c] - l;
    left += l * l;
    right += r * r;
  }
  return left / leftW + right / rightW;
}

function noteSplit(split: Float64Array, score: number, feature: number, code: number): void {
  split[SPLIT_SCORE] = score;
  split[SPLIT_FEATURE] = feature;
  split[SPLIT_CODE] = code;
}
