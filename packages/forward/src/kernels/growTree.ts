import { partitionRows } from "./partitionRows.ts";
import { nextIndex } from "./randomState.ts";
import { splitBinned } from "./splitBinned.ts";
import { splitClasses, splitClassesRandom } from "./splitClasses.ts";
import { buildHistogram, HISTOGRAM_STRIDE, splitHistogram, subtractHistogram } from "./splitHistogram.ts";
import { splitRandom } from "./splitRandom.ts";
import { splitSorted } from "./splitSorted.ts";
import {
  COARSE_MISSING,
  FINE_MISSING,
  type GrownNodes,
  SPLIT_CODE,
  SPLIT_FEATURE,
  SPLIT_IS_FINE,
  SPLIT_MISSING_LEFT,
  SPLIT_SCORE,
  SPLIT_THRESHOLD,
  type TreeData,
  type TreeWorkspace,
} from "./treeData.ts";

/** Up to this many rows a node is split exactly, by sorting. */
const SORTED_BELOW = 32;
/** From this many rows on a node keeps its histogram, so that its larger child's follows by subtraction. */
const HISTOGRAM_FROM = 1024;
const STACK_STRIDE = 5;

/**
 * Grows one tree, depth first, on the rows that the workspace holds (`rows`, `w`, `wy`; 0 … m − 1), and writes its nodes.
 * A node is split while it holds more than one distinct target value, a split with `minLeaf` weight on both sides exists
 * and the depth allows. `nTry` columns that are not constant in the node are tried, in random order.
 *
 * @param y - centred target of each row; for classification its class
 * @param nClasses - 0 for regression; else `wy` holds class codes, splits are on coarse codes alone, and `shares` are filled
 * @param random - xoshiro128** state, advanced
 * @returns number of nodes, at most 2 m − 1
 */
export function growTree(
  data: TreeData,
  y: Float64Array,
  m: number,
  nTry: number,
  minLeaf: number,
  maxDepth: number,
  isRandomSplit: boolean,
  nClasses: number,
  random: Int32Array,
  work: TreeWorkspace,
  nodes: GrownNodes,
): number {
  const { n, coarse, coarseLow, coarseHigh, fine, fineOffset, fineLow, fineHigh, usable } = data;
  const { rows, w, wy, keys, bins, occupied, order, stack, split, histograms, freeHistograms, classTotals, classLeft } =
    work;
  const nUsable = usable.length;
  const keepsHistograms = nClasses === 0 && !isRandomSplit && nTry >= nUsable;
  const histogramLength = data.d * 256 * HISTOGRAM_STRIDE;
  for (let k = 0; k < nUsable; k++) order[k] = usable[k];
  let nNodes = 1;
  let nLeaves = 0;
  let top = 0;
  stack[0] = 0;
  stack[1] = m;
  stack[2] = 0;
  stack[3] = 0;
  stack[4] = -1;
  if (keepsHistograms && m >= HISTOGRAM_FROM) {
    stack[4] = takeHistogram(histograms, freeHistograms, histogramLength);
    buildHistogram(n, 0, m, usable, coarse, rows, w, wy, histograms[stack[4]]);
  }
  while (top >= 0) {
    const at = top * STACK_STRIDE;
    top--;
    const start = stack[at];
    const end = stack[at + 1];
    const node = stack[at + 2];
    const depth = stack[at + 3];
    const slot = stack[at + 4];
    const size = end - start;
    let totalW = 0;
    let totalWy = 0;
    const firstY = y[rows[start]];
    let isPure = true;
    for (let i = start; i < end; i++) {
      totalW += w[i];
      totalWy += wy[i];
      if (y[rows[i]] !== firstY) isPure = false;
    }
    if (nClasses > 0) {
      classTotals.fill(0);
      for (let i = start; i < end; i++) classTotals[wy[i]] += w[i];
    }
    split[SPLIT_SCORE] = Number.NEGATIVE_INFINITY;
    if (!isPure && depth < maxDepth && totalW >= 2 * minLeaf) {
      let tried = 0;
      for (let k = 0; k < nUsable && tried < nTry; k++) {
        const pick = k + nextIndex(random, nUsable - k);
        const feature = order[pick];
        order[pick] = order[k];
        order[k] = feature;
        const base = feature * n;
        if (nClasses > 0) {
          tried += isRandomSplit
            ? splitClassesRandom(
                size,
                start,
                feature,
                coarse,
                base,
                rows,
                w,
                wy,
                nClasses,
                classTotals,
                totalW,
                minLeaf,
                coarseLow,
                keys,
                classLeft,
                random,
                split,
              )
            : splitClasses(
                size,
                start,
                feature,
                coarse,
                base,
                rows,
                w,
                wy,
                nClasses,
                classTotals,
                totalW,
                minLeaf,
                bins,
                occupied,
                classLeft,
                split,
              );
        } else if (isRandomSplit) {
          tried += splitRandom(
            size,
            start,
            feature,
            fine,
            base,
            rows,
            w,
            wy,
            totalW,
            totalWy,
            minLeaf,
            fineLow,
            fineOffset[feature],
            keys,
            random,
            split,
          );
        } else if (size <= SORTED_BELOW) {
          tried += splitSorted(
            size,
            start,
            feature,
            fine,
            base,
            rows,
            w,
            wy,
            totalW,
            totalWy,
            minLeaf,
            fineLow,
            fineHigh,
            fineOffset[feature],
            keys,
            split,
          );
          // Two rows have one split, the same whichever column makes it.
          if (size === 2 && tried > 0) break;
        } else if (slot >= 0) {
          tried += splitHistogram(feature, histograms[slot], totalW, totalWy, minLeaf, coarseLow, coarseHigh, split);
        } else {
          tried += splitBinned(
            size,
            start,
            feature,
            coarse,
            base,
            rows,
            w,
            wy,
            totalW,
            totalWy,
            minLeaf,
            coarseLow,
            coarseHigh,
            bins,
            occupied,
            split,
          );
        }
      }
    }
    if (split[SPLIT_SCORE] === Number.NEGATIVE_INFINITY) {
      nodes.feature[node] = -1;
      nodes.threshold[node] = nClasses > 0 ? 0 : totalWy / totalW;
      nodes.left[node] = nLeaves;
      for (let c = 0; c < nClasses; c++) nodes.shares[nLeaves * nClasses + c] = classTotals[c] / totalW;
      if (nClasses > 0) nLeaves++;
      nodes.missingLeft[node] = 0;
      if (slot >= 0) freeHistograms.push(slot);
      continue;
    }
    const feature = split[SPLIT_FEATURE];
    const isFine = split[SPLIT_IS_FINE] === 1;
    const hadMissing = { value: false };
    const middle = isFine
      ? partitionRows(
          fine,
          feature * n,
          split[SPLIT_CODE],
          FINE_MISSING,
          split[SPLIT_MISSING_LEFT],
          start,
          end,
          work,
          hadMissing,
        )
      : partitionRows(
          coarse,
          feature * n,
          split[SPLIT_CODE],
          COARSE_MISSING,
          split[SPLIT_MISSING_LEFT],
          start,
          end,
          work,
          hadMissing,
        );
    const left = nNodes;
    nNodes += 2;
    nodes.feature[node] = feature;
    nodes.threshold[node] = split[SPLIT_THRESHOLD];
    nodes.left[node] = left;
    // Never seen missing here: a missing value follows the larger part.
    nodes.missingLeft[node] = hadMissing.value ? split[SPLIT_MISSING_LEFT] : middle - start >= end - middle ? 1 : 0;
    let leftSlot = -1;
    let rightSlot = -1;
    if (slot >= 0) {
      const leftIsSmaller = middle - start < end - middle;
      const larger = Math.max(middle - start, end - middle);
      if (larger >= HISTOGRAM_FROM) {
        const smaller = takeHistogram(histograms, freeHistograms, histogramLength);
        if (leftIsSmaller) buildHistogram(n, start, middle, usable, coarse, rows, w, wy, histograms[smaller]);
        else buildHistogram(n, middle, end, usable, coarse, rows, w, wy, histograms[smaller]);
        subtractHistogram(histogramLength, histograms[smaller], histograms[slot]);
        const keepsSmaller = size - larger >= HISTOGRAM_FROM;
        if (!keepsSmaller) freeHistograms.push(smaller);
        leftSlot = leftIsSmaller ? (keepsSmaller ? smaller : -1) : slot;
        rightSlot = leftIsSmaller ? slot : keepsSmaller ? smaller : -1;
      } else {
        freeHistograms.push(slot);
      }
    }
    top++;
    const atRight = top * STACK_STRIDE;
    stack[atRight] = middle;
    stack[atRight + 1] = end;
    stack[atRight + 2] = left + 1;
    stack[atRight + 3] = depth + 1;
    stack[atRight + 4] = rightSlot;
    top++;
    const atLeft = top * STACK_STRIDE;
    stack[atLeft] = start;
    stack[atLeft + 1] = middle;
    stack[atLeft + 2] = left;
    stack[atLeft + 3] = depth + 1;
    stack[atLeft + 4] = leftSlot;
  }
  return nNodes;
}

function takeHistogram(histograms: Float64Array[], free: number[], length: number): number {
  const reused = free.pop();
  if (reused !== undefined) {
    histograms[reused].fill(0);
    return reused;
  }
  histograms.push(new Float64Array(length));
  return histograms.length - 1;
}
