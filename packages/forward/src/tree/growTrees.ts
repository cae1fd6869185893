import { createRandom, type Random, type TaskFunction } from "@materiome/core";
import { growTree, predictTrees, SPLIT_SIZE, type TreeData, type TreeWorkspace } from "../kernels/index.ts";
import { createTrees, joinTrees, type Trees } from "./trees.ts";

/**
 * Which rows a tree sees. `bootstrap`: as many groups as there are, drawn with replacement. `folds`: all but one of
 * `nFolds` parts of the groups, the parts taking turns. `all`: every row.
 */
export type Sampling = "bootstrap" | "folds" | "all";

/** Grows trees `first` … `last − 1` of a forest; the same whichever thread does it. Arrays over shared memory. */
export interface GrowTreesInput {
  readonly data: TreeData;
  /** Row-major inputs, for predicting the rows that a tree did not see. */
  readonly x: Float64Array;
  /** Centred targets. */
  readonly y: Float64Array;
  /** Mean 1. */
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array;
  readonly nGroups: number;
  readonly foldOfGroup: Int32Array;
  readonly nFolds: number;
  readonly key: string;
  readonly first: number;
  readonly last: number;
  readonly sampling: Sampling;
  readonly nTry: number;
  readonly minSamplesLeaf: number;
  readonly maxDepth: number;
  readonly isRandomSplit: boolean;
}

export interface GrowTreesOutput {
  readonly trees: Trees;
  /** Number, sum and sum of squares of the predictions of each row by the trees that did not see it. */
  readonly heldOutCount: Int32Array;
  readonly heldOutSum: Float64Array;
  readonly heldOutSumSquares: Float64Array;
}

export const growTreesTask: TaskFunction = { module: import.meta.url, name: "growTrees" };

export function growTrees(input: GrowTreesInput): GrowTreesOutput {
  const { data, y, weights, sampling } = input;
  const { n } = data;
  const work = createWorkspace(n, data.d);
  const nodes = {
    feature: new Int32Array(2 * n),
    threshold: new Float64Array(2 * n),
    left: new Int32Array(2 * n),
    missingLeft: new Uint8Array(2 * n),
  };
  const trees: Trees[] = [];
  const inBag = new Uint8Array(n);
  const heldOutCount = new Int32Array(n);
  const heldOutSum = new Float64Array(n);
  const heldOutSumSquares = new Float64Array(n);
  const state = new Int32Array(4);
  // A limit of one row is no limit, also where rows weigh less than 1.
  const minLeaf = input.minSamplesLeaf > 1 ? input.minSamplesLeaf - 1e-9 : 0;
  for (let t = input.first; t < input.last; t++) {
    const random = createRandom(input.key).fork("tree").fork(t);
    const copies = drawGroups(input, t, random);
    let m = 0;
    for (let i = 0; i < n; i++) {
      const count = copies[input.groups[i] as number] as number; // groups < nGroups
      const weight = count * (weights === undefined ? 1 : (weights[i] as number));
      inBag[i] = count > 0 ? 1 : 0;
      if (weight === 0) continue;
      work.rows[m] = i;
      work.w[m] = weight;
      work.wy[m] = weight * (y[i] as number);
      m++;
    }
    for (let k = 0; k < 4; k++) state[k] = random.int(4294967296) | 0;
    const nNodes = growTree(data, y, m, input.nTry, minLeaf, input.maxDepth, input.isRandomSplit, state, work, nodes);
    const tree = createTrees(nodes, nNodes);
    trees.push(tree);
    if (sampling === "all") continue;
    predictTrees(
      n,
      data.d,
      input.x,
      0,
      1,
      tree.treeStart,
      tree.feature,
      tree.threshold,
      tree.left,
      tree.missingLeft,
      inBag,
      heldOutSum,
      heldOutSumSquares,
    );
    for (let i = 0; i < n; i++) {
      if (inBag[i] === 0) heldOutCount[i] = (heldOutCount[i] as number) + 1;
    }
  }
  return { trees: joinTrees(trees), heldOutCount, heldOutSum, heldOutSumSquares };
}

/** How often each group is in the bag of tree t. */
function drawGroups(input: GrowTreesInput, t: number, random: Random): Int32Array {
  const { nGroups, sampling, foldOfGroup, nFolds, weights, groups } = input;
  const copies = new Int32Array(nGroups);
  switch (sampling) {
    case "all":
      return copies.fill(1);
    case "folds":
      for (let g = 0; g < nGroups; g++) copies[g] = foldOfGroup[g] === t % nFolds ? 0 : 1;
      break;
    case "bootstrap":
      for (let k = 0; k < nGroups; k++) {
        const g = random.int(nGroups);
        copies[g] = (copies[g] as number) + 1;
      }
      break;
  }
  // A bag in which every row weighs nothing grows no tree: then every row is taken.
  if (weights !== undefined && !groups.some((g, i) => (copies[g] as number) > 0 && (weights[i] as number) > 0)) {
    copies.fill(1);
  }
  return copies;
}

function createWorkspace(n: number, d: number): TreeWorkspace {
  return {
    rows: new Int32Array(n),
    w: new Float64Array(n),
    wy: new Float64Array(n),
    rowsRight: new Int32Array(n),
    wRight: new Float64Array(n),
    wyRight: new Float64Array(n),
    keys: new Int32Array(Math.max(n, 64)),
    bins: new Float64Array(512),
    occupied: new Int32Array(8),
    order: new Int32Array(d),
    stack: new Int32Array(5 * (n + 2)),
    histograms: [],
    freeHistograms: [],
    split: new Float64Array(SPLIT_SIZE),
  };
}
