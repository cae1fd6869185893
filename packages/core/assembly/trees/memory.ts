// Codes: the fine code of a value is the rank of its distinct value in the column (u16), 65535 where it is missing; its coarse
// code (u8) is one of at most 255 bins of ranks, 255 where it is missing. Rows of a node lie together in `rows` (i32) and `pairs`
// (weight and weighted target, 16 bytes).

export const FINE_MISSING: u32 = 65535;
export const COARSE_MISSING: i32 = 255;

/** Bins of one column of a middle-sized node: a pair each; and a bit each for those that are occupied. All 0 between calls. */
export const BINS: usize = 65536;
export const OCCUPIED: usize = BINS + 256 * 16;
/** Room to sort up to 64 codes. */
export const KEYS: usize = OCCUPIED + 32;

/** First byte that is free for arrays. */
export function dataStart(): usize {
  return KEYS + 64 * 4;
}

/** Bytes of a kept histogram of one column: 256 pairs, then 256 counts (i32). */
export const COLUMN_PAIRS: usize = 256 * 16;
export const COLUMN_BYTES: usize = COLUMN_PAIRS + 256 * 4;

export let nRows: i32 = 0;
/** Columns with more than one value; their numbers are in `usable`. */
export let nUsable: i32 = 0;
export let usable: usize = 0;
/** Column-major, [d, n]. */
export let coarse: usize = 0;
export let fine: usize = 0;
/** Smallest and largest value behind a code: of coarse ones [d, 256], of fine ones from `fineOffset` of the column on. */
export let coarseLow: usize = 0;
export let coarseHigh: usize = 0;
export let fineOffset: usize = 0;
export let fineLow: usize = 0;
export let fineHigh: usize = 0;
/** Fine codes of the usable columns, row-major, each row filled up to whole blocks of eight: for random splits. */
export let tiled: usize = 0;
export let rowBytes: usize = 0;
export let y: usize = 0;
export let rows: usize = 0;
export let pairs: usize = 0;
export let rowsRight: usize = 0;
export let pairsRight: usize = 0;
/** Places in `usable`, in the order in which they are tried. */
export let order: usize = 0;
export let stack: usize = 0;
export let histograms: usize = 0;
export let freeSlots: usize = 0;
/** Of a node with random splits, for each usable column: least, largest, cutting code and mark of gaps (u16), then the places tried. */
export let ranges: usize = 0;
export let random: usize = 0;
export let nodeFeature: usize = 0;
export let nodeThreshold: usize = 0;
export let nodeLeft: usize = 0;
export let nodeMissingLeft: usize = 0;

/** Takes over where the arrays are: an i32 each, in the order of the variables above. */
export function begin(table: usize): void {
  nRows = load<i32>(table);
  nUsable = load<i32>(table, 4);
  usable = load<u32>(table, 8) as usize;
  coarse = load<u32>(table, 12) as usize;
  fine = load<u32>(table, 16) as usize;
  coarseLow = load<u32>(table, 20) as usize;
  coarseHigh = load<u32>(table, 24) as usize;
  fineOffset = load<u32>(table, 28) as usize;
  fineLow = load<u32>(table, 32) as usize;
  fineHigh = load<u32>(table, 36) as usize;
  tiled = load<u32>(table, 40) as usize;
  rowBytes = load<u32>(table, 44) as usize;
  y = load<u32>(table, 48) as usize;
  rows = load<u32>(table, 52) as usize;
  pairs = load<u32>(table, 56) as usize;
  rowsRight = load<u32>(table, 60) as usize;
  pairsRight = load<u32>(table, 64) as usize;
  order = load<u32>(table, 68) as usize;
  stack = load<u32>(table, 72) as usize;
  histograms = load<u32>(table, 76) as usize;
  freeSlots = load<u32>(table, 80) as usize;
  ranges = load<u32>(table, 84) as usize;
  random = load<u32>(table, 88) as usize;
  nodeFeature = load<u32>(table, 92) as usize;
  nodeThreshold = load<u32>(table, 96) as usize;
  nodeLeft = load<u32>(table, 100) as usize;
  nodeMissingLeft = load<u32>(table, 104) as usize;
}

export function at4(base: usize, index: i32): usize {
  return base + ((index as usize) << 2);
}

export function at8(base: usize, index: i32): usize {
  return base + ((index as usize) << 3);
}

export function at16(base: usize, index: i32): usize {
  return base + ((index as usize) << 4);
}

/** First fine code of a column among `fineLow` and `fineHigh`. */
export function fineStart(feature: i32): usize {
  return (load<i32>(at4(fineOffset, feature)) as usize) << 3;
}
