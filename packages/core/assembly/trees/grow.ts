import { code as bestCode, feature as bestFeature, forget, isFine, missingLeft, score, threshold } from "./best";
import { splitBinned } from "./binned";
import { splitDrawn } from "./drawn";
import { buildHistogram, splitHistogram, subtractHistogram } from "./histogram";
import {
  at4,
  at8,
  at16,
  COARSE_MISSING,
  COLUMN_BYTES,
  coarse,
  FINE_MISSING,
  fine,
  freeSlots,
  histograms,
  nodeFeature,
  nodeLeft,
  nodeMissingLeft,
  nodeThreshold,
  nRows,
  nUsable,
  order,
  pairs,
  pairsRight,
  rowBytes,
  rows,
  rowsRight,
  stack,
  tiled,
  usable,
  y,
} from "./memory";
import { nextIndex } from "./random";
import { splitSorted } from "./sorted";

/** Up to this many rows a node is split exactly, by sorting. */
const SORTED_BELOW: i32 = 32;
/** From this many rows on a node keeps its histogram, so that its larger child's follows by subtraction. */
const HISTOGRAM_FROM: i32 = 1024;
/** Bytes of a node that waits: start, end, node, depth, slot of its histogram or −1. */
const WAITING: usize = 20;

let nFree: i32 = 0;
let nSlots: i32 = 0;
let hadMissing: bool = false;

/**
 * Grows one tree, depth first, on rows 0 … m − 1 of `rows` and `pairs`, and writes its nodes. A node is split while it holds more
 * than one distinct target value, a split with `minLeaf` weight on both sides exists and the depth allows. `nTry` columns that
 * are not constant in the node are tried, in random order.
 *
 * @param isDrawn - one random threshold a column, from `tiled`; else the best one, from `coarse` and `fine`
 * @returns number of nodes, at most 2 m − 1; node 0 is the root, the right child follows the left one, a leaf has feature −1
 */
export function grow(m: i32, nTry: i32, minLeaf: f64, maxDepth: i32, isDrawn: bool): i32 {
  const keepsHistograms = !isDrawn && nTry >= nUsable;
  const histogramBytes = (nUsable as usize) * COLUMN_BYTES;
  for (let k = 0; k < nUsable; k++) store<i32>(at4(order, k), k);
  let hasUnitWeights = true;
  for (let i = 0; i < m; i++) hasUnitWeights = hasUnitWeights && load<f64>(at16(pairs, i)) === 1;
  nFree = 0;
  nSlots = 0;
  let nNodes = 1;
  let rootSlot = -1;
  if (keepsHistograms && m >= HISTOGRAM_FROM) {
    rootSlot = takeSlot();
    buildHistogram(0, m, histograms + (rootSlot as usize) * histogramBytes);
  }
  let top = wait(stack, 0, m, 0, 0, rootSlot);
  while (top > stack) {
    top -= WAITING;
    const start = load<i32>(top);
    const end = load<i32>(top, 4);
    const node = load<i32>(top, 8);
    const depth = load<i32>(top, 12);
    const slot = load<i32>(top, 16);
    const size = end - start;
    let totals = f64x2.splat(0);
    const firstY = load<f64>(at8(y, load<i32>(at4(rows, start))));
    let isPure = true;
    for (let i = start; i < end; i++) {
      totals = f64x2.add(totals, v128.load(at16(pairs, i)));
      isPure = isPure && load<f64>(at8(y, load<i32>(at4(rows, i)))) === firstY;
    }
    const totalW = f64x2.extract_lane(totals, 0);
    const totalWy = f64x2.extract_lane(totals, 1);
    forget();
    if (!isPure && depth < maxDepth && totalW >= 2 * minLeaf) {
      if (isDrawn) {
        splitDrawn(size, start, nTry, totalW, totalWy, minLeaf, hasUnitWeights);
      } else {
        const histogram = slot < 0 ? 0 : histograms + (slot as usize) * histogramBytes;
        splitBest(size, start, nTry, totalW, totalWy, minLeaf, histogram);
      }
    }
    if (score === -Infinity) {
      store<i32>(at4(nodeFeature, node), -1);
      store<f64>(at8(nodeThreshold, node), totalWy / totalW);
      store<i32>(at4(nodeLeft, node), 0);
      store<u8>(nodeMissingLeft + (node as usize), 0);
      if (slot >= 0) releaseSlot(slot);
      continue;
    }
    const middle = partition(start, end, isDrawn);
    const left = nNodes;
    nNodes += 2;
    store<i32>(at4(nodeFeature, node), bestFeature);
    store<f64>(at8(nodeThreshold, node), threshold);
    store<i32>(at4(nodeLeft, node), left);
    // Never seen missing here: a missing value follows the larger part.
    const followsLeft = hadMissing ? missingLeft : middle - start >= end - middle;
    store<u8>(nodeMissingLeft + (node as usize), followsLeft as u8);
    let leftSlot = -1;
    let rightSlot = -1;
    if (slot >= 0) {
      const leftIsSmaller = middle - start < end - middle;
      const larger = max(middle - start, end - middle);
      if (larger >= HISTOGRAM_FROM) {
        const smaller = takeSlot();
        const child = histograms + (smaller as usize) * histogramBytes;
        buildHistogram(leftIsSmaller ? start : middle, leftIsSmaller ? middle : end, child);
        subtractHistogram(child, histograms + (slot as usize) * histogramBytes);
        const keepsSmaller = size - larger >= HISTOGRAM_FROM;
        if (!keepsSmaller) releaseSlot(smaller);
        const smallerSlot = keepsSmaller ? smaller : -1;
        leftSlot = leftIsSmaller ? smallerSlot : slot;
        rightSlot = leftIsSmaller ? slot : smallerSlot;
      } else {
        releaseSlot(slot);
      }
    }
    top = wait(top, middle, end, left + 1, depth + 1, rightSlot);
    top = wait(top, start, middle, left, depth + 1, leftSlot);
  }
  return nNodes;
}

/** Tries the best splits of `nTry` columns that are not constant in the node. */
function splitBest(size: i32, start: i32, nTry: i32, totalW: f64, totalWy: f64, minLeaf: f64, histogram: usize): void {
  let nTried = 0;
  for (let k = 0; k < nUsable && nTried < nTry; k++) {
    const pick = k + nextIndex(nUsable - k);
    const place = load<i32>(at4(order, pick));
    store<i32>(at4(order, pick), load<i32>(at4(order, k)));
    store<i32>(at4(order, k), place);
    const feature = load<i32>(at4(usable, place));
    if (size <= SORTED_BELOW) {
      nTried += splitSorted(size, start, feature, totalW, totalWy, minLeaf) as i32;
      // Two rows have one split, the same whichever column makes it.
      if (size === 2 && nTried > 0) return;
    } else if (histogram !== 0) {
      nTried += splitHistogram(place, histogram, totalW, totalWy, minLeaf) as i32;
    } else {
      nTried += splitBinned(size, start, feature, totalW, totalWy, minLeaf) as i32;
    }
  }
}

/** Moves the rows that go left before those that go right, keeping their order; returns where the right ones start. */
function partition(start: i32, end: i32, isDrawn: bool): i32 {
  let codes = coarse + (bestFeature as usize) * (nRows as usize);
  let step: usize = 1;
  if (isDrawn) {
    codes = tiled + ((placeOf(bestFeature) as usize) << 1);
    step = rowBytes;
  } else if (isFine) {
    codes = fine + (((bestFeature as usize) * (nRows as usize)) << 1);
    step = 2;
  }
  const missing = isFine ? (FINE_MISSING as i32) : COARSE_MISSING;
  let left = start;
  let right = 0;
  hadMissing = false;
  for (let i = start; i < end; i++) {
    const row = load<i32>(at4(rows, i));
    const at = codes + (row as usize) * step;
    const code = isFine ? (load<u16>(at) as i32) : (load<u8>(at) as i32);
    const pair = v128.load(at16(pairs, i));
    const isMissing = code === missing;
    hadMissing = hadMissing || isMissing;
    const goesLeft = isMissing ? missingLeft : code <= bestCode;
    // Written to both sides, of which one does not count: no branch that cannot be foreseen.
    store<i32>(at4(rows, left), row);
    v128.store(at16(pairs, left), pair);
    store<i32>(at4(rowsRight, right), row);
    v128.store(at16(pairsRight, right), pair);
    left += goesLeft as i32;
    right += 1 - (goesLeft as i32);
  }
  memory.copy(at4(rows, left), rowsRight, (right as usize) << 2);
  memory.copy(at16(pairs, left), pairsRight, (right as usize) << 4);
  return left;
}

/** The place of a column in `usable`, which ascends. */
function placeOf(feature: i32): i32 {
  let low = 0;
  let high = nUsable - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(at4(usable, middle)) < feature) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wait(top: usize, start: i32, end: i32, node: i32, depth: i32, slot: i32): usize {
  store<i32>(top, start);
  store<i32>(top, end, 4);
  store<i32>(top, node, 8);
  store<i32>(top, depth, 12);
  store<i32>(top, slot, 16);
  return top + WAITING;
}

function takeSlot(): i32 {
  if (nFree === 0) return nSlots++;
  nFree--;
  return load<i32>(at4(freeSlots, nFree));
}

function releaseSlot(slot: i32): void {
  store<i32>(at4(freeSlots, nFree), slot);
  nFree++;
}
