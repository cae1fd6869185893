// Fast Fourier transforms of any size for WebAssembly with 128-bit SIMD (AssemblyScript): one complex number (re, im)
// fills one vector. Stockham's self-sorting passes with radices 2, 3, 4, 5, 8 and odd primes to 23; Bluestein's
// convolution, doi:10.1109/TAU.1970.1162132, where a larger prime divides the length; long transforms as columns and
// rows, Bailey, doi:10.1007/BF00162341. Strides count bytes.

export { axis } from "./fft/axis";
export { autoColumns, crossColumns } from "./fft/correlate";
export { blockSize, dataStart, forget, keep } from "./fft/plan";
export { inverseRealRows, realRows } from "./fft/realRows";
