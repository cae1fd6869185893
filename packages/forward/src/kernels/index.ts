export { codeColumn } from "./codeColumn.ts";
export { growTree } from "./growTree.ts";
export { invertPositive } from "./invertPositive.ts";
export { predictTrees } from "./predictTrees.ts";
export {
  COARSE_MISSING,
  FINE_MISSING,
  SPLIT_SIZE,
  type TreeData,
  type TreeNodes,
  type TreeWorkspace,
} from "./treeData.ts";
