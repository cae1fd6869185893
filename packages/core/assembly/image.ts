// Filters of images for WebAssembly with 128-bit SIMD (AssemblyScript): computed in f64, stored in f32, as plain loops over Float32Array
// would. Sizes are i32, arrays are addresses.

export { dataStart } from "./image/memory";
export { lineRidge } from "./image/ridge";
