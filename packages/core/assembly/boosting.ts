// Histograms of gradients, splits and partitions of growing trees for WebAssembly (AssemblyScript). Sizes are i32, arrays are
// addresses; layouts are in boosting/memory.ts.

export { buildHistogram } from "./boosting/histogram";
export { dataStart } from "./boosting/memory";
export { partition } from "./boosting/partition";
export { quantise } from "./boosting/quantise";
export { findSplit } from "./boosting/split";
