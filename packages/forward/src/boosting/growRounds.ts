import { createRandom, type TaskFunction } from "@materiome/core";
import { type TiledCodes, useHistogramTrees } from "@materiome/core/numerics";
import { classGradients, classProbabilities, drawRows, gradientSums } from "../kernels/index.ts";
import { addToScores } from "./addToScores.ts";
import { type GrownNode, growBoostedTree, type TreeGrowth } from "./growBoostedTree.ts";

/** Boosts rounds `first` … `last − 1`; the same whichever thread does it. Shared arrays. */
export interface GrowRoundsInput {
  readonly data: TiledCodes;
  /** Output that each row belongs to; with a single output 1 for rows of its class, else 0. */
  readonly classes: Int32Array;
  readonly weights: Float64Array;
  readonly nOutputs: number;
  /** [nOutputs, n]: scores after the rounds before; those after these rounds when done. */
  readonly scores: Float64Array;
  readonly growth: TreeGrowth;
  /** Rows of a round. */
  readonly nDrawn: number;
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** One tree after another, children counted from the root of each; features are those of the coded data. */
export interface GrowRoundsOutput {
  readonly nodes: readonly Int32Array[];
  readonly values: readonly Float64Array[];
}

export const growRoundsTask: TaskFunction = { module: import.meta.url, name: "growRounds" };

export function growRounds(input: GrowRoundsInput): GrowRoundsOutput {
  const { data, classes, weights, nOutputs, scores, growth, nDrawn } = input;
  const { n } = data;
  const nodes: Int32Array[] = [];
  const values: Float64Array[] = [];
  const probabilities = new Float64Array(n * nOutputs);
  const sums = new Float64Array(2);
  const drawn = Int32Array.from({ length: n }, (_, i) => i);
  const state = new Int32Array(4);
  const nSlots = 1 + Math.min(growth.maxLeaves, Math.max(1, Math.floor(nDrawn / growth.minSamplesLeaf)));
  useHistogramTrees(data, nSlots, (trees) => {
    for (let round = input.first; round < input.last; round++) {
      const random = createRandom(input.key).fork("round").fork(round);
      for (let k = 0; k < 4; k++) state[k] = random.int(4294967296) | 0;
      // The order in which columns are tried starts afresh, so that a round does not depend on where a task began.
      for (let f = 0; f < trees.features.length; f++) trees.features[f] = f;
      if (nDrawn < n) drawRows(n, nDrawn, state, drawn);
      classProbabilities(n, nOutputs, scores, probabilities);
      for (let k = 0; k < nOutputs; k++) {
        const target = nOutputs === 1 ? 1 : k;
        const { gradients, hessians, rows } = trees;
        classGradients(n, target, classes, probabilities, k * n, weights, gradients, hessians);
        gradientSums(n, gradients, hessians, sums);
        trees.quantise(sums[0] as number, sums[1] as number); // two sums
        rows.set(drawn);
        const tree = growBoostedTree(trees, n, nDrawn, growth, state, nSlots);
        const leaves = tree.filter(({ left }) => left < 0);
        const worth = (leaf: GrownNode): number => (-growth.learningRate * leaf.gradient) / (leaf.hessian + growth.l2);
        // A root that cannot be split teaches nothing.
        const worths = Float64Array.from(leaves, (leaf) => (tree.length === 1 ? 0 : worth(leaf)));
        nodes.push(wordsOf(tree));
        values.push(worths);
        addToScores(leaves, worths, rows, scores, k * n);
      }
    }
  });
  return { nodes, values };
}

/** Nodes as `CodedTrees` has them. */
function wordsOf(nodes: readonly GrownNode[]): Int32Array {
  const words = new Int32Array(2 * nodes.length);
  for (const [k, { left, feature, code }] of nodes.entries()) {
    words[2 * k] = left < 0 ? 255 : (feature << 8) | code;
    words[2 * k + 1] = left < 0 ? k : left;
  }
  return words;
}
