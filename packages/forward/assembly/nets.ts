// Gradients and fused layers of networks for WebAssembly with 128-bit SIMD (AssemblyScript), on the memory of TensorFlow.js's own
// wasm backend: tensors are read and written where they lie, nothing is copied. All values are 32-bit floats, channels last.
// Addresses and `bytes` count bytes, everything else counts elements. No function allocates; callers bring scratch memory.

export { convolve, filterGradient } from "./nets/convolve";
export { depthwiseFilterGradient, depthwiseInputGradient } from "./nets/depthwise";
export { packFilter, packFlippedFilter, padImage } from "./nets/layout";
export { normalise, normaliseGradient } from "./nets/normalise";
export { averagePoolGradient, maxPoolGradient } from "./nets/pool";
export { rectify } from "./nets/rectify";
export { resizeGradient } from "./nets/resize";
export { segmentSum } from "./nets/segments";
export { join, splitJoined } from "./nets/skip";
export { collectFilterGradient, convolveTiles, filterGradientTiles, transformFilter } from "./nets/winograd";
