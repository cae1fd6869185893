// Walks coded samples through decision trees for WebAssembly (AssemblyScript). Sizes are i32, arrays are addresses.

export { dataStart } from "./forest/memory";
export { walk, walkValues } from "./forest/walk";
