import { createRandom, type TaskFunction } from "@materiome/core";
import { type RankedColumns, walkForest } from "@materiome/core/numerics";
import { growClassTree } from "../kernels/index.ts";
import { type BagInput, drawGroups, leastLeafWeight } from "./bag.ts";
import { type ClassTrees, createClassTree, joinClassTrees } from "./classTrees.ts";
import { createWorkspace } from "./createWorkspace.ts";

/** Grows trees `first` … `last − 1` of a classification forest; the same whichever thread does it. Shared arrays. */
export interface GrowClassTreesInput extends BagInput {
  readonly data: RankedColumns;
  /** Coarse codes, row-major: what the trees that did not see a row predict it from. */
  readonly codes: Uint8Array;
  readonly classes: Int32Array;
  readonly nClasses: number;
  readonly key: string;
  readonly nTry: number;
  readonly minSamplesLeaf: number;
  readonly maxDepth: number;
  readonly isRandomSplit: boolean;
}

export interface GrowClassTreesOutput {
  readonly trees: ClassTrees;
  /** Number of trees that did not see each row, and the sum of their leaves' shares, [n, nClasses]. */
  readonly heldOutCount: Int32Array;
  readonly heldOutSum: Int32Array;
}

export const growClassTreesTask: TaskFunction = { module: import.meta.url, name: "growClassTrees" };

export function growClassTrees(input: GrowClassTreesInput): GrowClassTreesOutput {
  const { data, classes, nClasses, weights, codes } = input;
  const { n, d } = data;
  const work = createWorkspace(n, d, nClasses);
  const nodes = {
    feature: new Int32Array(2 * n),
    code: new Int32Array(2 * n),
    left: new Int32Array(2 * n),
    shares: new Float64Array(n * nClasses),
  };
  const grown: ClassTrees[] = [];
  const heldOutCount = new Int32Array(n);
  const heldOutSum = new Int32Array(n * nClasses);
  const state = new Int32Array(4);
  const minLeaf = leastLeafWeight(input.minSamplesLeaf);
  const { nTry, maxDepth, isRandomSplit } = input;
  for (let t = input.first; t < input.last; t++) {
    const random = createRandom(input.key).fork("tree").fork(t);
    const copies = drawGroups(input, t, random);
    const unseen: number[] = [];
    let m = 0;
    for (let i = 0; i < n; i++) {
      const count = copies[input.groups[i] as number] as number; // groups < nGroups
      const weight = count * (weights === undefined ? 1 : (weights[i] as number));
      if (count === 0) unseen.push(i);
      if (weight === 0) continue;
      work.rows[m] = i;
      work.w[m] = weight;
      work.classes[m] = classes[i] as number;
      m++;
    }
    for (let k = 0; k < 4; k++) state[k] = random.int(4294967296) | 0;
    const nNodes = growClassTree(data, m, nTry, minLeaf, maxDepth, isRandomSplit, nClasses, state, work, nodes);
    const tree = createClassTree(nodes, nNodes, nClasses);
    grown.push(tree);
    walkForest(tree, d, unseen.length, (block) => {
      for (const [k, i] of unseen.entries()) block.codes.set(codes.subarray(i * d, (i + 1) * d), k * d);
      block.walk(unseen.length);
      for (const [k, i] of unseen.entries()) {
        heldOutCount[i] = (heldOutCount[i] as number) + 1; // i < n
        for (let c = 0; c < nClasses; c++) {
          const at = i * nClasses + c;
          heldOutSum[at] = (heldOutSum[at] as number) + (block.sums[k * nClasses + c] as number);
        }
      }
    });
  }
  return { trees: joinClassTrees(grown, nClasses), heldOutCount, heldOutSum };
}
