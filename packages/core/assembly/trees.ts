// Growing regression trees on columns coded as ranks, for WebAssembly (AssemblyScript). Sizes are i32, arrays are addresses;
// layouts are in trees/memory.ts. Sums are taken in the order of the rows in a node: the same bits whoever calls.

export { grow } from "./trees/grow";
export { begin, dataStart } from "./trees/memory";
