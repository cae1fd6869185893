// Sizes of blocks, work space below the matrices, and addresses.
export const KC: i32 = 512; // depth of one packed block: a panel of 4 × 512 numbers takes 16 KiB of the first-level cache
export const MC: i32 = 32; // rows of A packed at once (128 KiB)
export const NC: i32 = 256; // columns of B packed at once (1 MiB)
export const STRIP: i32 = 128; // rows of a Gram matrix computed at once
export const BASE: i32 = 32; // order below which triangles are treated without products

export const TILE: usize = 1024; // 4 × 4 numbers, where a tile hangs over the edge of C
export const COLUMN: usize = TILE + 128; // BASE × 4 numbers: four rows of a panel, transposed
export const PACKED_A: usize = COLUMN + (BASE as usize) * 32;
export const PACKED_B: usize = PACKED_A + (MC as usize) * (KC as usize) * 8;
const DATA: usize = PACKED_B + (KC as usize) * (NC as usize) * 8;

/** First byte that is free for matrices; what lies below is work space. */
export function dataStart(): usize {
  return DATA;
}

export function minimum(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

export function at(base: usize, index: i32): usize {
  return base + ((index as usize) << 3);
}

/** Element (i, j) of a matrix with the given strides; the product is taken in 32 bits unsigned, as addresses are. */
export function element(base: usize, i: i32, rowStride: i32, j: i32, columnStride: i32): usize {
  return base + (((i as usize) * (rowStride as usize) + (j as usize) * (columnStride as usize)) << 3);
}

/** Half of n, rounded up to whole bases, so that the recursion meets full bases. */
export function half(n: i32): i32 {
  return ((n + 2 * BASE - 1) / (2 * BASE)) * BASE;
}
