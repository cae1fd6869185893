import { type HistogramTrees, SPLIT, type ValueBounds } from "@materiome/core/numerics";
import { nextIndex } from "../kernels/index.ts";

/** How a tree of boosting grows. */
export interface TreeGrowth {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2: number;
  /** Columns tried at each split. */
  readonly nTry: number;
  readonly learningRate: number;
  /** Least sum of hessians in a leaf: a leaf of sure rows would get a value without bound. */
  readonly minHessian: number;
  /** Factor by which a split must beat those found before. Default: 1, so that rounding decides between equal ones */
  readonly tie?: number | undefined;
  /** Direction of each feature, 1, −1 or 0. Default: none has one */
  readonly directions?: Int8Array | undefined;
  /** Features whose codes have no order. Default: none */
  readonly isCategorical?: Uint8Array | undefined;
}

/** Where, between two codes that the rows of a node have, the cut is made: a code from the first to below the second. */
export type PlaceCut = (feature: number, code: number, nextCode: number) => number;

/** A node holds the rows `rows[start]` … `rows[end − 1]` of the sample and `unseenStart` … `unseenEnd − 1` outside it. */
export interface GrownNode {
  readonly start: number;
  readonly end: number;
  readonly unseenStart: number;
  readonly unseenEnd: number;
  /** Sums over the rows of the sample; 0 for a root that was too small to be split. */
  readonly gradient: number;
  readonly hessian: number;
  readonly feature: number;
  /** Largest code that goes left. */
  readonly code: number;
  /** Side of each code, 0 left or 1 right, where the feature is categorical. */
  readonly sides: Uint8Array | undefined;
  readonly missingLeft: boolean;
  /** Left child, which the right one follows; −1 for a leaf. */
  readonly left: number;
}

type Node = { -readonly [K in keyof GrownNode]: GrownNode[K] } & {
  readonly depth: number;
  readonly bounds: ValueBounds | undefined;
  slot: number;
  gain: number;
  leftCount: number;
  leftGradient: number;
  leftHessian: number;
};

/**
 * Rows up to which a node where all columns are tried counts those of its samples: a histogram that is kept, so that the larger
 * child's follows from it, costs as much as so many. Where only a share of the columns is tried, more rows by that share.
 */
const FEW_ROWS = 512;

/** Least sum of hessians in a leaf where those of a row are about 1, as scikit-learn has it. */
export const MIN_HESSIAN = 1e-3;

const UNBOUNDED: ValueBounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/**
 * Grows one tree leaf by leaf, always splitting the leaf that gains most, on rows 0 … m − 1 of `trees.rows`; the rows after them
 * only follow the splits. Missing values that a node has not seen go with the larger part of its rows. Where features have
 * directions, the sides of a split on one are bounded by the middle between their values, and so are all nodes below.
 *
 * @param nRows - rows in the sample and outside it
 * @param random - xoshiro128** state, advanced where not every column is tried
 * @param nSlots - histograms that `trees` can hold, at least one more than there can be leaves
 * @returns the nodes, root first
 */
export function growBoostedTree(
  trees: HistogramTrees,
  nRows: number,
  m: number,
  growth: TreeGrowth,
  random: Int32Array,
  nSlots: number,
  placeCut?: PlaceCut,
): readonly GrownNode[] {
  const { maxLeaves, maxDepth, minSamplesLeaf, l2, nTry, minHessian, tie = 1, directions, isCategorical } = growth;
  const { split, features } = trees;
  const few = FEW_ROWS * (features.length / Math.min(nTry, features.length));
  const freeSlots = Array.from({ length: nSlots }, (_, k) => nSlots - 1 - k);
  const takeSlot = (): number => freeSlots.pop() as number; // fewer open nodes than slots
  const open = new Set<number>();
  const nodes: Node[] = [];
  // One literal: copies of many fields by spreading were a third of the time of small trees.
  const add = (
    start: number,
    end: number,
    unseenStart: number,
    unseenEnd: number,
    depth: number,
    gradient: number,
    hessian: number,
    bounds: ValueBounds | undefined,
  ): Node => {
    const node: Node = {
      start,
      end,
      unseenStart,
      unseenEnd,
      depth,
      gradient,
      hessian,
      bounds,
      feature: -1,
      code: 255,
      sides: undefined,
      missingLeft: false,
      left: -1,
      slot: -1,
      gain: 0,
      leftCount: 0,
      leftGradient: 0,
      leftHessian: 0,
    };
    nodes.push(node);
    return node;
  };
  const release = ({ slot }: Node): void => {
    if (slot >= 0) freeSlots.push(slot);
  };
  const canSplit = ({ start, end, depth }: Node): boolean => depth < maxDepth && end - start >= 2 * minSamplesLeaf;
  const seek = (index: number): void => {
    const node = nodes[index] as Node; // just added
    if (nTry < features.length) shuffle(features, random);
    trees.findSplit(node.slot < 0 ? node : node.slot, nTry, l2, minSamplesLeaf, minHessian, tie, node.bounds);
    const at = (place: number): number => split[place] as number; // place < 10
    node.gradient = at(SPLIT.gradient);
    node.hessian = at(SPLIT.hessian);
    node.gain = at(SPLIT.gain);
    if (node.gain <= 0) {
      release(node);
      return;
    }
    open.add(index);
    node.feature = at(SPLIT.feature);
    node.code = at(SPLIT.code);
    node.leftCount = at(SPLIT.leftCount);
    node.leftGradient = at(SPLIT.leftGradient);
    node.leftHessian = at(SPLIT.leftHessian);
    const missing = at(SPLIT.missingLeft);
    node.missingLeft = missing < 0 ? 2 * node.leftCount >= node.end - node.start : missing === 1;
    if (isCategorical?.[node.feature] === 1) {
      node.sides = trees.sides.map((side) => (side === 2 ? (node.missingLeft ? 0 : 1) : side));
      return;
    }
    const nextCode = at(SPLIT.nextCode);
    if (placeCut !== undefined && nextCode > node.code + 1) node.code = placeCut(node.feature, node.code, nextCode);
  };

  const root = add(0, m, m, nRows, 0, 0, 0, directions === undefined ? undefined : UNBOUNDED);
  if (canSplit(root)) {
    if (m > few) {
      root.slot = takeSlot();
      trees.build(0, m, root.slot);
    }
    seek(0);
  }
  let nLeaves = 1;
  while (open.size > 0 && nLeaves < maxLeaves) {
    const index = largestGain(nodes, open);
    open.delete(index);
    const node = nodes[index] as Node; // from the open ones
    const { start, end, unseenStart, unseenEnd, gradient, hessian, feature, slot, missingLeft } = node;
    const depth = node.depth + 1;
    const cut = node.sides ?? node.code;
    const middle = trees.partition(start, end, feature, cut, missingLeft);
    const unseenMiddle =
      unseenStart < unseenEnd ? trees.partition(unseenStart, unseenEnd, feature, cut, missingLeft) : unseenEnd;
    const { leftGradient, leftHessian } = node;
    const [gRight, hRight] = [gradient - leftGradient, hessian - leftHessian];
    const values = [-leftGradient / (leftHessian + l2), -gRight / (hRight + l2)] as const;
    const [boundsLeft, boundsRight] = boundSides(node.bounds, directions?.[feature] ?? 0, ...values);
    node.left = nodes.length;
    const left = add(start, middle, unseenStart, unseenMiddle, depth, leftGradient, leftHessian, boundsLeft);
    const right = add(middle, end, unseenMiddle, unseenEnd, depth, gRight, hRight, boundsRight);
    nLeaves++;
    const goesOn = nLeaves < maxLeaves && (canSplit(left) || canSplit(right));
    if (!goesOn) {
      release(node);
      continue;
    }
    if (slot >= 0 && Math.max(middle - start, end - middle) > few) {
      const smaller = middle - start < end - middle ? left : right;
      const larger = smaller === left ? right : left;
      smaller.slot = takeSlot();
      larger.slot = slot;
      trees.build(smaller.start, smaller.end, smaller.slot, slot);
    } else {
      release(node);
    }
    for (const [k, child] of [left, right].entries()) {
      if (canSplit(child)) seek(node.left + k);
      else release(child);
    }
  }
  return nodes;
}

/**
 * Bounds of both sides of a split: those of the node, and the middle between the sides' values (clamped to the node's bounds)
 * where the feature has a direction.
 */
export function boundSides(
  bounds: ValueBounds | undefined,
  direction: number,
  left: number,
  right: number,
): readonly [ValueBounds | undefined, ValueBounds | undefined] {
  if (bounds === undefined || direction === 0) return [bounds, bounds];
  const middle = (clampValue(bounds, left) + clampValue(bounds, right)) / 2;
  const below = { lower: bounds.lower, upper: middle };
  const above = { lower: middle, upper: bounds.upper };
  return direction > 0 ? [below, above] : [above, below];
}

export function clampValue({ lower, upper }: ValueBounds, value: number): number {
  return Math.min(Math.max(value, lower), upper);
}

function largestGain(nodes: readonly Node[], open: ReadonlySet<number>): number {
  let best = -1;
  let most = 0;
  for (const index of open) {
    const { gain } = nodes[index] as Node; // open nodes exist
    if (gain > most || (gain === most && index < best)) {
      best = index;
      most = gain;
    }
  }
  return best;
}

function shuffle(features: Int32Array, random: Int32Array): void {
  for (let k = features.length - 1; k > 0; k--) {
    const other = nextIndex(random, k + 1);
    const feature = features[k] as number; // both at most k
    features[k] = features[other] as number;
    features[other] = feature;
  }
}
