// Dense f64 linear algebra for WebAssembly with 128-bit SIMD (AssemblyScript). Matrices are row-major, strides count
// elements, sizes are i32. No fused multiply-add: results are the same bits on every machine.
// Goto and van de Geijn, doi:10.1145/1356052.1356053, for the packed product; recursive factorisations after
// Gustavson, doi:10.1147/rd.416.0737, and Toledo, doi:10.1137/S0895479896297744.

export { cholesky } from "./linalg/cholesky";
export { lu } from "./linalg/lu";
export { dataStart } from "./linalg/memory";
export { pairDistances } from "./linalg/pairs";
export { product } from "./linalg/product";
export { clearUpper, invertLower, lowerGram, mirrorLower, solveLeft } from "./linalg/triangle";
