// Where plans lie in memory, and what they hold, in 32-bit words. Tables (roots, chirps) are computed by the caller, which
// lays out the plans.
//   0 length · 1 direction (−1 forward, 1 inverse) · 2 number of passes · 3 work bytes for one column
//   4 Bluestein's length, 0 without · 5 chirp · 6 transformed chirp · 7 forward plan · 8 inverse plan of that length
//   9 rows of the split form, 0 without (with it there are no passes) · 10 plan of its columns · 11 of its rows
//   12 coarse and 13 fine roots · 14 bits
//   16 + 4 i: radix, roots, matrix of an odd radix; for each pass
export const PASSES: usize = 64;

export const ODD: usize = 1024; // sums and differences of one odd butterfly: 2 × 16 numbers of 16 bytes
const FIRST: usize = ODD + 512;
export const BLOCK: i32 = 8; // columns transformed side by side: two cache lines

let top: usize = FIRST;

/** First byte that is free for data: behind the plans. */
export function dataStart(): usize {
  return top;
}

/** Keeps the `bytes` at the start of the data for plans. */
export function keep(bytes: usize): void {
  top += (bytes + 15) & ~15;
}

/** Gives up all plans. */
export function forget(): void {
  top = FIRST;
}

/** Columns that are transformed side by side. */
export function blockSize(): i32 {
  return BLOCK;
}

export function word(plan: usize, index: usize): i32 {
  return load<i32>(plan + (index << 2));
}

export function address(plan: usize, index: usize): usize {
  return load<u32>(plan + (index << 2)) as usize;
}
