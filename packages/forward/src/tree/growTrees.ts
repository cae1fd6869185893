import { createRandom, type TaskFunction } from "@materiome/core";
import { type RankedColumns, useRegressionTrees } from "@materiome/core/numerics";
import { predictTrees } from "../kernels/index.ts";
import { type BagInput, drawGroups, leastLeafWeight } from "./bag.ts";
import { createTrees, joinTrees, type Trees } from "./trees.ts";

/** Grows trees `first` … `last − 1` of a forest; the same whichever thread does it. Arrays over shared memory. */
export interface GrowTreesInput extends BagInput {
  readonly data: RankedColumns;
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
  const { data, x, y, weights, sampling, isRandomSplit, nTry, maxDepth } = input;
  const { n, d } = data;
  const grown: Trees[] = [];
  const inBag = new Uint8Array(n);
  const heldOutCount = new Int32Array(n);
  const heldOutSum = new Float64Array(n);
  const heldOutSumSquares = new Float64Array(n);
  const growth = { isDrawn: isRandomSplit, nTry, minLeaf: leastLeafWeight(input.minSamplesLeaf), maxDepth };
  useRegressionTrees(data, y, growth, (trees) => {
    for (let t = input.first; t < input.last; t++) {
      const random = createRandom(input.key).fork("tree").fork(t);
      const copies = drawGroups(input, t, random);
      let m = 0;
      for (let i = 0; i < n; i++) {
        const count = copies[input.groups[i] as number] as number; // groups < nGroups
        const weight = count * (weights === undefined ? 1 : (weights[i] as number));
        inBag[i] = count > 0 ? 1 : 0;
        if (weight === 0) continue;
        trees.rows[m] = i;
        trees.pairs[2 * m] = weight;
        trees.pairs[2 * m + 1] = weight * (y[i] as number);
        m++;
      }
      for (let k = 0; k < 4; k++) trees.random[k] = random.int(4294967296) | 0;
      const tree = createTrees(trees, trees.grow(m));
      grown.push(tree);
      if (sampling === "all") continue;
      const { treeStart, feature, threshold, left, missingLeft } = tree;
      const held = [inBag, heldOutSum, heldOutSumSquares] as const;
      predictTrees(n, d, x, 0, 1, treeStart, feature, threshold, left, missingLeft, ...held);
      for (let i = 0; i < n; i++) {
        if (inBag[i] === 0) heldOutCount[i] = (heldOutCount[i] as number) + 1;
      }
    }
  });
  return { trees: joinTrees(grown), heldOutCount, heldOutSum, heldOutSumSquares };
}
