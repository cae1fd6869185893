import { partitionRows } from "./partitionRows.ts";
import { nextIndex } from "./randomState.ts";
import { splitClasses, splitClassesRandom } from "./splitClasses.ts";
import {
  type CoarseColumns,
  type GrownNodes,
  SPLIT_CODE,
  SPLIT_FEATURE,
  SPLIT_SCORE,
  type TreeWorkspace,
} from "./treeData.ts";

const STACK_STRIDE = 4;

/**
 * Grows one classification tree, depth first, on the rows that the workspace holds (`rows`, `w`, `classes`; 0 … m − 1), and writes
 * its nodes. A node is split while it holds more than one class, a split with `minLeaf` weight on both sides exists and the depth
 * allows. `nTry` columns that are not constant in the node are tried, in random order; splits are on coarse codes alone.
 *
 * @param random - xoshiro128** state, advanced
 * @returns number of nodes, at most 2 m − 1
 */
export function growClassTree(
  data: CoarseColumns,
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
  const { n, coarse, usable } = data;
  const { w, classes, order, stack, split, classTotals } = work;
  const nUsable = usable.length;
  for (let k = 0; k < nUsable; k++) order[k] = usable[k];
  let nNodes = 1;
  let nLeaves = 0;
  let top = 0;
  stack[0] = 0;
  stack[1] = m;
  stack[2] = 0;
  stack[3] = 0;
  while (top >= 0) {
    const at = top * STACK_STRIDE;
    top--;
    const start = stack[at];
    const end = stack[at + 1];
    const node = stack[at + 2];
    const depth = stack[at + 3];
    let totalW = 0;
    const firstClass = classes[start];
    let isPure = true;
    classTotals.fill(0);
    for (let i = start; i < end; i++) {
      totalW += w[i];
      classTotals[classes[i]] += w[i];
      if (classes[i] !== firstClass) isPure = false;
    }
    split[SPLIT_SCORE] = Number.NEGATIVE_INFINITY;
    if (!isPure && depth < maxDepth && totalW >= 2 * minLeaf) {
      let tried = 0;
      for (let k = 0; k < nUsable && tried < nTry; k++) {
        const pick = k + nextIndex(random, nUsable - k);
        const feature = order[pick];
        order[pick] = order[k];
        order[k] = feature;
        tried += isRandomSplit
          ? splitClassesRandom(data, work, start, end, feature, nClasses, totalW, minLeaf, random)
          : splitClasses(data, work, start, end, feature, nClasses, totalW, minLeaf);
      }
    }
    if (split[SPLIT_SCORE] === Number.NEGATIVE_INFINITY) {
      nodes.feature[node] = -1;
      nodes.code[node] = 0;
      nodes.left[node] = nLeaves;
      for (let c = 0; c < nClasses; c++) nodes.shares[nLeaves * nClasses + c] = classTotals[c] / totalW;
      nLeaves++;
      continue;
    }
    const feature = split[SPLIT_FEATURE];
    const middle = partitionRows(coarse, feature * n, split[SPLIT_CODE], start, end, work);
    const left = nNodes;
    nNodes += 2;
    nodes.feature[node] = feature;
    nodes.code[node] = split[SPLIT_CODE];
    nodes.left[node] = left;
    top++;
    const atRight = top * STACK_STRIDE;
    stack[atRight] = middle;
    stack[atRight + 1] = end;
    stack[atRight + 2] = left + 1;
    stack[atRight + 3] = depth + 1;
    top++;
    const atLeft = top * STACK_STRIDE;
    stack[atLeft] = start;
    stack[atLeft + 1] = middle;
    stack[atLeft + 2] = left;
    stack[atLeft + 3] = depth + 1;
  }
  return nNodes;
}
