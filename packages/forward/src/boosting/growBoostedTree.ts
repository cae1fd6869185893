import { type HistogramTrees, SPLIT } from "@materiome/core/numerics";
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
}

/** A leaf: the rows `rows[start]` … `rows[end − 1]` of the sample and `unseen` … `unseenEnd − 1` outside it. */
export interface BoostedLeaf {
  readonly start: number;
  readonly end: number;
  readonly unseenStart: number;
  readonly unseenEnd: number;
  readonly value: number;
}

/** Nodes as `CodedTrees` has them, root first, with the leaves in the order of the nodes. */
export interface BoostedTree {
  readonly nodes: Int32Array;
  readonly leaves: readonly BoostedLeaf[];
}

interface Node {
  readonly start: number;
  readonly end: number;
  readonly unseenStart: number;
  readonly unseenEnd: number;
  readonly depth: number;
  gradient: number;
  hessian: number;
  slot: number;
  gain: number;
  feature: number;
  code: number;
  leftGradient: number;
  leftHessian: number;
  left: number;
}

/** Least sum of hessians in a leaf, as scikit-learn has it: a leaf of sure rows would get a value without bound. */
const MIN_HESSIAN = 1e-3;

/**
 * Grows one tree leaf by leaf, always splitting the leaf that gains most, on rows 0 … m − 1 of `trees.rows`; the rows after them
 * only follow the splits. A leaf is worth −learningRate G / (H + l2); a root that cannot be split is worth 0.
 *
 * @param nRows - rows in the sample and outside it
 * @param random - xoshiro128** state, advanced where not every column is tried
 * @param nSlots - histograms that `trees` can hold, at least one more than there can be leaves
 */
export function growBoostedTree(
  trees: HistogramTrees,
  nRows: number,
  m: number,
  growth: TreeGrowth,
  random: Int32Array,
  nSlots: number,
): BoostedTree {
  const { maxLeaves, maxDepth, minSamplesLeaf, l2, nTry, learningRate } = growth;
  const { split, features } = trees;
  const freeSlots = Array.from({ length: nSlots }, (_, k) => nSlots - 1 - k);
  const takeSlot = (): number => freeSlots.pop() as number; // fewer open nodes than slots
  const open = new Set<number>();
  const nodes: Node[] = [];
  const add = (
    start: number,
    end: number,
    unseenStart: number,
    unseenEnd: number,
    depth: number,
    gradient: number,
    hessian: number,
  ): Node => {
    const node = { start, end, unseenStart, unseenEnd, depth, gradient, hessian };
    const whole = { ...node, slot: -1, gain: 0, feature: -1, code: 255, leftGradient: 0, leftHessian: 0, left: -1 };
    nodes.push(whole);
    return whole;
  };
  const canSplit = ({ start, end, depth }: Node): boolean => depth < maxDepth && end - start >= 2 * minSamplesLeaf;
  const seek = (index: number): void => {
    const node = nodes[index] as Node; // just added
    if (nTry < features.length) shuffle(features, random);
    trees.findSplit(node.slot, nTry, l2, minSamplesLeaf, MIN_HESSIAN);
    const at = (place: number): number => split[place] as number; // place < 8
    node.gradient = at(SPLIT.gradient);
    node.hessian = at(SPLIT.hessian);
    node.gain = at(SPLIT.gain);
    node.feature = at(SPLIT.feature);
    node.code = at(SPLIT.code);
    node.leftGradient = at(SPLIT.leftGradient);
    node.leftHessian = at(SPLIT.leftHessian);
    if (node.gain > 0) open.add(index);
    else freeSlots.push(node.slot);
  };

  const root = add(0, m, m, nRows, 0, 0, 0);
  if (canSplit(root)) {
    root.slot = takeSlot();
    trees.build(0, m, root.slot);
    seek(0);
  }
  let nLeaves = 1;
  while (open.size > 0 && nLeaves < maxLeaves) {
    const index = largestGain(nodes, open);
    open.delete(index);
    const node = nodes[index] as Node; // from the open ones
    const { start, end, unseenStart, unseenEnd, gradient, hessian, feature, code, slot } = node;
    const depth = node.depth + 1;
    const middle = trees.partition(start, end, feature, code);
    const unseenMiddle = unseenStart < unseenEnd ? trees.partition(unseenStart, unseenEnd, feature, code) : unseenEnd;
    const [gLeft, hLeft] = [node.leftGradient, node.leftHessian];
    node.left = nodes.length;
    const left = add(start, middle, unseenStart, unseenMiddle, depth, gLeft, hLeft);
    const right = add(middle, end, unseenMiddle, unseenEnd, depth, gradient - gLeft, hessian - hLeft);
    nLeaves++;
    const goesOn = nLeaves < maxLeaves && (canSplit(left) || canSplit(right));
    if (!goesOn) {
      freeSlots.push(slot);
      continue;
    }
    const smaller = middle - start < end - middle ? left : right;
    const larger = smaller === left ? right : left;
    smaller.slot = takeSlot();
    larger.slot = slot;
    trees.build(smaller.start, smaller.end, smaller.slot, slot);
    for (const [k, child] of [left, right].entries()) {
      if (canSplit(child)) seek(node.left + k);
      else freeSlots.push(child.slot);
    }
  }
  return finish(nodes, (node) => (nodes.length === 1 ? 0 : (-learningRate * node.gradient) / (node.hessian + l2)));
}

function finish(nodes: readonly Node[], worth: (node: Node) => number): BoostedTree {
  const words = new Int32Array(2 * nodes.length);
  const leaves: BoostedLeaf[] = [];
  for (const [k, node] of nodes.entries()) {
    const isLeaf = node.left < 0;
    words[2 * k] = isLeaf ? 255 : (node.feature << 8) | node.code;
    words[2 * k + 1] = isLeaf ? k : node.left;
    if (isLeaf) leaves.push({ ...node, value: worth(node) });
  }
  return { nodes: words, leaves };
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
