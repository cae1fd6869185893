import {
  CATEGORY_CODES,
  CATEGORY_MEANS,
  FEATURE,
  HESSIAN_BITS,
  HESSIAN_MASK,
  MISSING_BIN,
  PRESENT,
  PRESENT_BITS,
  PRESENT_CODES,
  WORK,
} from "./memory";

// Bits of a feature's kind.
/** Code 255 stands for a missing value, which goes to either side. */
const MISSING: i32 = 1;
/** Codes have no order: every set of them may go left. */
const CATEGORICAL: i32 = 2;
/** The right side may not be worth less (more) than the left one. */
const INCREASING: i32 = 4;
const DECREASING: i32 = 8;

// The node that is being split, and the best split found so far.
let g: f64 = 0;
let h: f64 = 0;
let l2: f64 = 0;
let minHessian: f64 = 0;
let gradientUnit: f64 = 1;
let hessianUnit: f64 = 1;
let firstWord: u64 = 0;
let lastWord: u64 = 0;
let wholeWord: u64 = 0;
let isBounded: bool = false;
let lower: f64 = 0;
let upper: f64 = 0;
let tie: f64 = 1;
let best: f64 = 0;
let bestFeature: i32 = -1;
let bestCode: i32 = 0;
let bestGradient: i64 = 0;
let bestWord: i64 = 0;
let bestMissing: i32 = -1;

// Where the samples of the node are counted feature by feature, when it keeps no histogram.
let nodeCodes: usize = 0;
let sampleBytes: usize = 0;
let nodeRows: usize = 0;
let nodeEnd: usize = 0;
let samplePairs: usize = 0;

/**
 * Best split of a node from its histogram, or, where `histogram` is 0, from its samples `rows[start]` … `rows[end − 1]`, of
 * which only the features that are tried are counted (`codes` of `stride` bytes a sample, `pairs`): the one of a feature that
 * most increases Σ G² / (H + l2) over both sides. Features are looked at in the order of the list until `nTry` of them were
 * not constant in the node; of equal splits the first stays.
 * Where `bounded` is not 0, sides are worth what lies between `low` and `high`, and in the order that their feature asks for.
 *
 * @param leastFactor - factor, at least 1, by which a split must beat the best so far: less is rounding
 * @param kinds - an i32 a feature; 0 where all features are plain
 * @param sides - 256 bytes; of a categorical split 0 for codes that go left, 1 for those that go right, 2 for absent ones
 * @param split - ten f64: gain over the unsplit node (0 or less: none found), feature, largest code that goes left, then
 * gradient, hessian, count of the left side, gradient and hessian of the node; 1 where missing values go left, 0 where right,
 * −1 where the node has none; the next code that a sample of the node has, or −1
 */
export function findSplit(
  nFeatures: i32,
  features: usize,
  nTry: i32,
  nBins: usize,
  kinds: usize,
  histogram: usize,
  unitOfGradient: f64,
  unitOfHessian: f64,
  penalty: f64,
  minLeaf: i32,
  leastHessian: f64,
  leastFactor: f64,
  bounded: i32,
  low: f64,
  high: f64,
  sides: usize,
  split: usize,
  codes: usize,
  stride: i32,
  rows: usize,
  start: i32,
  end: i32,
  pairs: usize,
): void {
  nodeCodes = codes;
  sampleBytes = stride as usize;
  nodeRows = rows + ((start as usize) << 2);
  nodeEnd = rows + ((end as usize) << 2);
  samplePairs = pairs;
  const total = histogram === 0 ? sumOfSamples() : sumOfBins(histogram, load<i32>(nBins));
  const word = i64x2.extract_lane(total, 1);
  const count = (word >>> HESSIAN_BITS) as i32;
  gradientUnit = unitOfGradient;
  hessianUnit = unitOfHessian;
  g = (i64x2.extract_lane(total, 0) as f64) * gradientUnit;
  h = ((word & HESSIAN_MASK) as f64) * hessianUnit;
  l2 = penalty;
  minHessian = leastHessian;
  tie = leastFactor;
  // Words compare as the counts in their upper bits do, without a sign: from 2²³ samples on the highest bit is set.
  firstWord = ((minLeaf as i64) << HESSIAN_BITS) as u64;
  lastWord = (((count - minLeaf + 1) as i64) << HESSIAN_BITS) as u64;
  wholeWord = ((count as i64) << HESSIAN_BITS) as u64;
  isBounded = bounded !== 0;
  lower = low;
  upper = high;
  const unsplit = isBounded ? boundedScore(g, h + l2) : (g * g) / (h + l2);
  best = unsplit + abs(unsplit) * 1e-12; // less is rounding
  bestFeature = -1;
  bestCode = 0;
  bestGradient = 0;
  bestWord = 0;
  bestMissing = -1;
  let nTried = 0;
  for (let k = 0; k < nFeatures && nTried < nTry; k++) {
    const feature = load<i32>(features + ((k as usize) << 2));
    const bins = load<i32>(nBins + ((feature as usize) << 2));
    const kind = kinds === 0 ? 0 : load<i32>(kinds + ((feature as usize) << 2));
    if (histogram === 0 && (kind & CATEGORICAL) === 0 && count <= bins) {
      nTried += scanFeature(PRESENT, countPresent(feature), feature, kind) as i32;
      if (bestFeature === feature) bestCode = load<u8>(PRESENT_CODES + (bestCode as usize)) as i32;
      continue;
    }
    nTried += scanFeature(binsOf(histogram, feature), bins, feature, kind) as i32;
    if (histogram === 0) clearWork(bins);
  }
  store<f64>(split, bestFeature < 0 ? 0 : best - unsplit);
  store<f64>(split, bestFeature as f64, 8);
  store<f64>(split, bestCode as f64, 16);
  store<f64>(split, (bestGradient as f64) * gradientUnit, 24);
  store<f64>(split, ((bestWord & HESSIAN_MASK) as f64) * hessianUnit, 32);
  store<f64>(split, (bestWord >>> HESSIAN_BITS) as f64, 40);
  store<f64>(split, g, 48);
  store<f64>(split, h, 56);
  store<f64>(split, bestMissing as f64, 64);
  store<f64>(split, -1, 72);
  if (bestFeature < 0) return;
  const bins = load<i32>(nBins + ((bestFeature as usize) << 2));
  const kind = kinds === 0 ? 0 : load<i32>(kinds + ((bestFeature as usize) << 2));
  describe(binsOf(histogram, bestFeature), bins, kind, sides, split);
  if (histogram === 0) clearWork(bins);
}

/** Every feature counts every sample: the first one gives the totals. */
function sumOfBins(at: usize, bins: i32): v128 {
  let total = v128.load(at, MISSING_BIN);
  const bytes = (bins as usize) << 4;
  for (let k: usize = 0; k < bytes; k += 16) total = i64x2.add(total, v128.load(at + k));
  return total;
}

function sumOfSamples(): v128 {
  let total = i64x2.splat(0);
  for (let at = nodeRows; at < nodeEnd; at += 4) {
    total = i64x2.add(total, v128.load(samplePairs + ((load<u32>(at) as usize) << 4)));
  }
  return total;
}

/** The bins of a feature: in the histogram, or counted in the work space. */
function binsOf(histogram: usize, feature: i32): usize {
  if (histogram !== 0) return histogram + (feature as usize) * FEATURE;
  const codes = nodeCodes + (feature as usize);
  for (let at = nodeRows; at < nodeEnd; at += 4) {
    const row = load<u32>(at) as usize;
    const bin = (load<u8>(codes + row * sampleBytes) as usize) << 4;
    v128.store(bin, i64x2.add(v128.load(bin, WORK), v128.load(samplePairs + (row << 4))), WORK);
  }
  return WORK;
}

/**
 * Counts a feature's samples as `binsOf` does, and moves the bins that have any together, to PRESENT: of a small node most are empty.
 *
 * @returns how many, without that of missing values
 */
function countPresent(feature: i32): i32 {
  const codes = nodeCodes + (feature as usize);
  for (let at = nodeRows; at < nodeEnd; at += 4) {
    const row = load<u32>(at) as usize;
    const code = load<u8>(codes + row * sampleBytes) as usize;
    const bin = code << 4;
    v128.store(bin, i64x2.add(v128.load(bin, WORK), v128.load(samplePairs + (row << 4))), WORK);
    const word = PRESENT_BITS + ((code >>> 6) << 3);
    store<u64>(word, load<u64>(word) | ((1 as u64) << ((code & 63) as u64)));
  }
  v128.store(PRESENT + MISSING_BIN, v128.load(WORK + MISSING_BIN));
  v128.store(WORK + MISSING_BIN, i64x2.splat(0));
  let nPresent: usize = 0;
  for (let first: usize = 0; first < 256; first += 64) {
    const word = PRESENT_BITS + (first >>> 3);
    let bits = load<u64>(word);
    store<u64>(word, 0);
    if (first === 192) bits &= ~((1 as u64) << 63); // missing values
    while (bits !== 0) {
      const code = first + (ctz(bits) as usize);
      bits &= bits - 1;
      v128.store(PRESENT + (nPresent << 4), v128.load(WORK + (code << 4)));
      v128.store(WORK + (code << 4), i64x2.splat(0));
      store<u8>(PRESENT_CODES + nPresent, code as u8);
      nPresent++;
    }
  }
  return nPresent as i32;
}

function clearWork(bins: i32): void {
  memory.fill(WORK, 0, (bins as usize) << 4);
  memory.fill(WORK + MISSING_BIN, 0, 16);
}

/** The sides of the categories, or the next code, of the split that was found. */
function describe(at: usize, bins: i32, kind: i32, sides: usize, split: usize): void {
  if ((kind & CATEGORICAL) !== 0) {
    memory.fill(sides, 2, 256);
    const nPresent = orderCategories(at, bins, kind);
    for (let k = 0; k < nPresent; k++) {
      const code = load<i32>(CATEGORY_CODES + ((k as usize) << 2));
      store<u8>(sides + (code as usize), (k > bestCode) as u8);
    }
    const side = load<u8>(sides + 255);
    store<f64>(split, side === 2 ? -1 : side === 0 ? 1 : 0, 64);
    return;
  }
  for (let code = bestCode + 1; code < bins; code++) {
    if (load<i64>(at + ((code as usize) << 4), 8) !== 0) {
      store<f64>(split, code as f64, 72);
      return;
    }
  }
}

/** @returns whether the feature has more than one value in the node */
function scanFeature(at: usize, bins: i32, feature: i32, kind: i32): bool {
  if ((kind & CATEGORICAL) !== 0) return scanCategories(at, bins, feature, kind);
  const none = i64x2.splat(0);
  const hasMissing = (kind & MISSING) !== 0 && load<i64>(at + MISSING_BIN, 8) !== 0;
  const varies = isBounded
    ? scanBounded(at, bins, feature, none, hasMissing ? 0 : -1, kind)
    : scan(at, bins, feature, none, hasMissing ? 0 : -1);
  if (!hasMissing) return varies;
  const missing = v128.load(at + MISSING_BIN);
  const variesToo = isBounded ? scanBounded(at, bins, feature, missing, 1, kind) : scan(at, bins, feature, missing, 1);
  return varies || variesToo;
}

/** Cuts between codes, where `left` starts with what always goes there. */
function scan(at: usize, bins: i32, feature: i32, start: v128, missingLeft: i32): bool {
  const wholeG = g;
  const wholeH = h;
  const penalty = l2;
  const least = minHessian;
  const unitG = gradientUnit;
  const unitH = hessianUnit;
  const first = firstWord;
  const last = lastWord;
  const factor = tie;
  let most = bestFeature < 0 ? best : best * factor;
  let left = start;
  let isConstant = true;
  for (let code = 0; code < bins; code++) {
    const pair = v128.load(at);
    at += 16;
    if (i64x2.extract_lane(pair, 1) === 0) continue;
    left = i64x2.add(left, pair);
    const leftWord = i64x2.extract_lane(left, 1);
    if ((leftWord as u64) < first) {
      isConstant = false;
      continue;
    }
    if ((leftWord as u64) >= last) {
      if ((leftWord as u64) < wholeWord) isConstant = false;
      break;
    }
    isConstant = false;
    const hLeft = ((leftWord & HESSIAN_MASK) as f64) * unitH;
    const hRight = wholeH - hLeft;
    if (hLeft < least) continue;
    if (hRight < least) break;
    const gLeft = (i64x2.extract_lane(left, 0) as f64) * unitG;
    const gRight = wholeG - gLeft;
    const a = hLeft + penalty;
    const b = hRight + penalty;
    // The sum of two quotients as one; divided only where it may be the best.
    const over = gLeft * gLeft * b + gRight * gRight * a;
    const under = a * b;
    if (over > most * under) {
      const score = over / under;
      most = score * factor;
      keep(score, feature, code, left, missingLeft);
    }
  }
  return !isConstant;
}

function scanBounded(at: usize, bins: i32, feature: i32, start: v128, missingLeft: i32, kind: i32): bool {
  let left = start;
  let isConstant = true;
  for (let code = 0; code < bins; code++) {
    const pair = v128.load(at);
    at += 16;
    if (i64x2.extract_lane(pair, 1) === 0) continue;
    left = i64x2.add(left, pair);
    const leftWord = i64x2.extract_lane(left, 1);
    if ((leftWord as u64) < wholeWord) isConstant = false;
    if ((leftWord as u64) < firstWord) continue;
    if ((leftWord as u64) >= lastWord) break;
    tryBounded(left, feature, code, missingLeft, kind);
  }
  return !isConstant;
}

/** A clamped value v of a side counts −(2 G v + (H + l2) v²), which is G² / (H + l2) where nothing clamps. */
function boundedScore(gradient: f64, a: f64): f64 {
  const v = min(max(-gradient / a, lower), upper);
  return -(2 * gradient + a * v) * v;
}

function tryBounded(left: v128, feature: i32, code: i32, missingLeft: i32, kind: i32): void {
  const hLeft = ((i64x2.extract_lane(left, 1) & HESSIAN_MASK) as f64) * hessianUnit;
  const hRight = h - hLeft;
  if (hLeft < minHessian || hRight < minHessian) return;
  const gLeft = (i64x2.extract_lane(left, 0) as f64) * gradientUnit;
  const gRight = g - gLeft;
  const a = hLeft + l2;
  const b = hRight + l2;
  if ((kind & (INCREASING | DECREASING)) !== 0) {
    const valueLeft = min(max(-gLeft / a, lower), upper);
    const valueRight = min(max(-gRight / b, lower), upper);
    if ((kind & INCREASING) !== 0 ? valueLeft > valueRight : valueLeft < valueRight) return;
  }
  const score = boundedScore(gLeft, a) + boundedScore(gRight, b);
  if (score > (bestFeature < 0 ? best : best + abs(best) * (tie - 1))) keep(score, feature, code, left, missingLeft);
}

function keep(score: f64, feature: i32, code: i32, left: v128, missingLeft: i32): void {
  best = score;
  bestFeature = feature;
  bestCode = code;
  bestGradient = i64x2.extract_lane(left, 0);
  bestWord = i64x2.extract_lane(left, 1);
  bestMissing = missingLeft;
}

/**
 * Sets of categories: the best of all is one that goes first when categories (missing values are one) are ordered by their mean
 * gradient (Fisher 1958, for l2 = 0), so only those are tried. The code of such a split counts the categories that go left, less 1.
 */
function scanCategories(at: usize, bins: i32, feature: i32, kind: i32): bool {
  const nPresent = orderCategories(at, bins, kind);
  let left = i64x2.splat(0);
  for (let k = 0; k + 1 < nPresent; k++) {
    const code = load<i32>(CATEGORY_CODES + ((k as usize) << 2));
    left = i64x2.add(left, v128.load(at + ((code as usize) << 4)));
    const leftWord = i64x2.extract_lane(left, 1);
    if ((leftWord as u64) < firstWord) continue;
    if ((leftWord as u64) >= lastWord) break;
    if (isBounded) {
      tryBounded(left, feature, k, -1, 0);
      continue;
    }
    const hLeft = ((leftWord & HESSIAN_MASK) as f64) * hessianUnit;
    const hRight = h - hLeft;
    if (hLeft < minHessian || hRight < minHessian) continue;
    const gLeft = (i64x2.extract_lane(left, 0) as f64) * gradientUnit;
    const gRight = g - gLeft;
    const score = (gLeft * gLeft) / (hLeft + l2) + (gRight * gRight) / (hRight + l2);
    if (score > (bestFeature < 0 ? best : best * tie)) keep(score, feature, k, left, -1);
  }
  return nPresent > 1;
}

/** Orders the categories of the node by G / (H + l2), equal ones by their code. */
function orderCategories(at: usize, bins: i32, kind: i32): i32 {
  let n = 0;
  const last = (kind & MISSING) !== 0 ? 256 : bins;
  for (let code = 0; code < last; code++) {
    if (code === bins) code = 255;
    const bin = at + ((code as usize) << 4);
    const word = load<i64>(bin, 8);
    if (word === 0) continue;
    const weight = ((word & HESSIAN_MASK) as f64) * hessianUnit + l2;
    const mean = weight > 0 ? ((load<i64>(bin) as f64) * gradientUnit) / weight : 0;
    let k = n;
    while (k > 0 && load<f64>(CATEGORY_MEANS + (((k - 1) as usize) << 3)) > mean) {
      store<f64>(CATEGORY_MEANS + ((k as usize) << 3), load<f64>(CATEGORY_MEANS + (((k - 1) as usize) << 3)));
      store<i32>(CATEGORY_CODES + ((k as usize) << 2), load<i32>(CATEGORY_CODES + (((k - 1) as usize) << 2)));
      k--;
    }
    store<f64>(CATEGORY_MEANS + ((k as usize) << 3), mean);
    store<i32>(CATEGORY_CODES + ((k as usize) << 2), code);
    n++;
  }
  return n;
}
