export { codeColumn } from "./codeColumn.ts";
export { codePlane } from "./codePlane.ts";
export { growTree } from "./growTree.ts";
export { invertPositive } from "./invertPositive.ts";
export { predictTrees } from "./predictTrees.ts";
export {
  COARSE_MISSING,
  FINE_MISSING,
  type GrownNodes,
  SPLIT_SIZE,
  type TreeData,
  type TreeNodes,
  type TreeWorkspace,
} from "./treeData.ts";
