import { walkTrees } from "../kernels/index.ts";
import type { ClassTrees } from "./classTrees.ts";

/** Adds the shares of the leaves that n coded samples reach in every tree to `sums`, [n, nClasses]. */
export function walkSamples(
  trees: ClassTrees,
  n: number,
  stride: number,
  codes: Uint8Array,
  nClasses: number,
  sums: Int32Array,
): void {
  const { treeStart, nodes, leafOf, shares } = trees;
  walkTrees(n, stride, codes, 0, treeStart.length - 1, treeStart, nodes, leafOf, nClasses, shares, sums);
}
