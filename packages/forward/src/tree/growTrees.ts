import { createRandom, type TaskFunction } from "@materiome/core";
import { growTree, predictTrees, type TreeData } from "../kernels/index.ts";
import { type BagInput, drawGroups, leastLeafWeight } from "./bag.ts";
import { createWorkspace } from "./createWorkspace.ts";
import { createTrees, joinTrees, type Trees } from "./trees.ts";

/** Grows trees `first` … `last − 1` of a forest; the same whichever thread does it. Arrays over shared memory. */
export interface GrowTreesInput extends BagInput {
  readonly data: TreeData;
  /** Row-major inputs, for predicting the rows that a tree did not see. */
  readonly x: Float64Array;
  /** Centred targets. */
  readonly y: Float64Array;
  readonly key: string;
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
  const work = createWorkspace(n, data.d, 0);
  const nodes = {
    feature: new Int32Array(2 * n),
    threshold: new Float64Array(2 * n),
    left: new Int32Array(2 * n),
    missingLeft: new Uint8Array(2 * n),
    shares: new Float64Array(0),
  };
  const trees: Trees[] = [];
  const inBag = new Uint8Array(n);
  const heldOutCount = new Int32Array(n);
  const heldOutSum = new Float64Array(n);
  const heldOutSumSquares = new Float64Array(n);
  const state = new Int32Array(4);
  const minLeaf = leastLeafWeight(input.minSamplesLeaf);
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
    const nNodes = growTree(
      data,
      y,
      m,
      input.nTry,
      minLeaf,
      input.maxDepth,
      input.isRandomSplit,
      0,
      state,
      work,
      nodes,
    );
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
