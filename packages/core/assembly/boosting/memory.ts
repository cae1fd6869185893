// Codes: one byte a feature, sample after sample, each with room for whole tiles of eight features.
// Pair: 16 bytes of a sample, or of a bin their sum: i64 gradient; i64 count << 40 | hessian, both in fixed point, so that sums
// are exact and the same in any order.
// Histogram: 256 pairs for each feature, tile after tile; those between the feature's bins and that of missing values hold anything.

/** Bytes of the histogram of one feature, and of a tile. */
export const FEATURE: usize = 256 * 16;
export const TILE: usize = 8 * FEATURE;
/** Bytes from the first bin of a feature to that of missing values. */
export const MISSING_BIN: usize = 255 * 16;
export const HESSIAN_BITS: i64 = 40;
export const HESSIAN_MASK: i64 = (1 << 40) - 1;

/** Samples that are gathered before they are counted, so that what lies scattered is fetched once for all features. */
export const BLOCK: i32 = 4096;

/** Work space for the histogram of one tile at an address known when compiled; all 0 between calls. */
export const WORK: usize = 65536;
/** Gathered pairs of a block. */
export const PAIRS: usize = WORK + TILE;
/** Bytes between the gathered codes of two tiles, which the caller makes room for: no power of two, or all would fall into one set of the cache. */
export const CODES_STEP: usize = ((BLOCK as usize) << 3) + 64;

/** Room for the order of one feature's categories: a mean gradient (f64) each, then a code (i32) each. */
export const CATEGORY_MEANS: usize = PAIRS + ((BLOCK as usize) << 4);
export const CATEGORY_CODES: usize = CATEGORY_MEANS + 256 * 8;

/** Pairs of the codes that a node of few samples has, without gaps, with that of missing values at its place. */
export const PRESENT: usize = CATEGORY_CODES + 256 * 4;
/** Those codes (u8). */
export const PRESENT_CODES: usize = PRESENT + FEATURE;
/** A bit for each code that a sample has; all 0 between calls. */
export const PRESENT_BITS: usize = PRESENT_CODES + 256;

/** First byte that is free for arrays. */
export function dataStart(): usize {
  return PRESENT_BITS + 32;
}
