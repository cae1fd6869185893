import { BLOCK, CODES_STEP, FEATURE, MISSING_BIN, PAIRS, TILE, WORK } from "./memory";

/**
 * Histogram of the samples `rows[start]` … `rows[end − 1]` over all features; where `parent` is not 0, it is taken from that
 * histogram, which becomes the sibling's. `gathered` has room for the codes of a block. Only bins that a feature has are
 * written, by `nBins` (an i32 for each feature of whole tiles), and the one of missing values: a table of a hundred rows has
 * far fewer than 256.
 */
export function buildHistogram(
  nTiles: i32,
  nBins: usize,
  codes: usize,
  rows: usize,
  start: i32,
  end: i32,
  pairs: usize,
  gathered: usize,
  histogram: usize,
  parent: usize,
): void {
  for (let first = start; first < end; first += BLOCK) {
    const size = min(end - first, BLOCK);
    gather(nTiles, codes, rows + ((first as usize) << 2), size, pairs, gathered);
    for (let t = 0; t < nTiles; t++) {
      count(size, gathered + (t as usize) * CODES_STEP);
      const to = histogram + (t as usize) * TILE;
      const bins = nBins + ((t as usize) << 5);
      if (first === start) take(to, bins);
      else add(to, bins);
    }
  }
  if (parent === 0) return;
  for (let f: usize = 0; f < (nTiles as usize) << 3; f++) {
    const from = parent + f * FEATURE;
    const less = histogram + f * FEATURE;
    const bytes = bytesOf(nBins, f);
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(from + k, i64x2.sub(v128.load(from + k), v128.load(less + k)));
    }
    v128.store(from, i64x2.sub(v128.load(from, MISSING_BIN), v128.load(less, MISSING_BIN)), MISSING_BIN);
  }
}

/** Bytes of the bins of a feature, without that of missing values. */
function bytesOf(nBins: usize, feature: usize): usize {
  return (load<i32>(nBins + (feature << 2)) as usize) << 4;
}

function gather(nTiles: i32, codes: usize, rows: usize, size: i32, pairs: usize, gathered: usize): void {
  const bytes = (nTiles as usize) << 3;
  for (let i: usize = 0; i < (size as usize); i++) {
    const row = load<u32>(rows + (i << 2)) as usize;
    v128.store(i << 4, v128.load(pairs + (row << 4)), PAIRS);
    let from = codes + row * bytes;
    let to = gathered + (i << 3);
    for (const end = from + bytes; from < end; from += 8) {
      store<u64>(to, load<u64>(from));
      to += CODES_STEP;
    }
  }
}

/** Adds gathered samples to the histogram of one tile in the work space. */
function count(size: i32, codes: usize): void {
  const end = (size as usize) << 3;
  for (let at: usize = 0; at < end; at += 8) {
    const eight = load<u64>(codes + at);
    const pair = v128.load(at << 1, PAIRS);
    const low = eight as u32;
    const high = (eight >>> 32) as u32;
    // The code times the sixteen bytes of a bin; the feature of the tile is a constant of the address.
    const bin0 = ((low << 4) & 0xff0) as usize;
    v128.store(bin0, i64x2.add(v128.load(bin0, WORK), pair), WORK);
    const bin1 = ((low >>> 4) & 0xff0) as usize;
    v128.store(bin1, i64x2.add(v128.load(bin1, WORK + FEATURE), pair), WORK + FEATURE);
    const bin2 = ((low >>> 12) & 0xff0) as usize;
    v128.store(bin2, i64x2.add(v128.load(bin2, WORK + 2 * FEATURE), pair), WORK + 2 * FEATURE);
    const bin3 = ((low >>> 20) & 0xff0) as usize;
    v128.store(bin3, i64x2.add(v128.load(bin3, WORK + 3 * FEATURE), pair), WORK + 3 * FEATURE);
    const bin4 = ((high << 4) & 0xff0) as usize;
    v128.store(bin4, i64x2.add(v128.load(bin4, WORK + 4 * FEATURE), pair), WORK + 4 * FEATURE);
    const bin5 = ((high >>> 4) & 0xff0) as usize;
    v128.store(bin5, i64x2.add(v128.load(bin5, WORK + 5 * FEATURE), pair), WORK + 5 * FEATURE);
    const bin6 = ((high >>> 12) & 0xff0) as usize;
    v128.store(bin6, i64x2.add(v128.load(bin6, WORK + 6 * FEATURE), pair), WORK + 6 * FEATURE);
    const bin7 = ((high >>> 20) & 0xff0) as usize;
    v128.store(bin7, i64x2.add(v128.load(bin7, WORK + 7 * FEATURE), pair), WORK + 7 * FEATURE);
  }
}

/** Moves the histogram of a tile out of the work space, which is 0 again afterwards. */
function take(to: usize, nBins: usize): void {
  const zero = i64x2.splat(0);
  for (let f: usize = 0; f < 8; f++) {
    const bytes = bytesOf(nBins, f);
    const target = to + f * FEATURE;
    const from = f * FEATURE;
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(target + k, v128.load(from + k, WORK));
      v128.store(from + k, zero, WORK);
    }
    v128.store(target, v128.load(from, WORK + MISSING_BIN), MISSING_BIN);
    v128.store(from, zero, WORK + MISSING_BIN);
  }
}

function add(to: usize, nBins: usize): void {
  const zero = i64x2.splat(0);
  for (let f: usize = 0; f < 8; f++) {
    const bytes = bytesOf(nBins, f);
    const target = to + f * FEATURE;
    const from = f * FEATURE;
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(target + k, i64x2.add(v128.load(target + k), v128.load(from + k, WORK)));
      v128.store(from + k, zero, WORK);
    }
    v128.store(target, i64x2.add(v128.load(target, MISSING_BIN), v128.load(from, WORK + MISSING_BIN)), MISSING_BIN);
    v128.store(from, zero, WORK + MISSING_BIN);
  }
}
