import { score as bestScore, keep, scoreOf, TIE } from "./best";
import {
  at4,
  at8,
  at16,
  FINE_MISSING,
  fineLow,
  fineStart,
  nUsable,
  order,
  pairs,
  ranges,
  rowBytes,
  rows,
  tiled,
  usable,
} from "./memory";
import { nextFraction, nextIndex } from "./random";

// Extremely randomised trees (doi:10.1007/s10994-006-6226-1): of each column tried one threshold, drawn uniformly between the
// smallest and the largest value in the node. All columns of eight are looked at together, as a row has them side by side.

/** Rows up to which the sides are told by the values behind the codes: for more a search for the cutting code pays. */
const FEW: i32 = 8;
/** Rows that a count of sixteen bits holds. */
const MOST_COUNTED: i32 = 65535;

/**
 * Tries random splits of a node on `nTry` columns that are not constant in it, in random order. Missing values go to the side
 * that scores better.
 *
 * @param hasUnitWeights - all rows weigh 1
 */
export function splitDrawn(
  m: i32,
  start: i32,
  nTry: i32,
  totalW: f64,
  totalWy: f64,
  minLeaf: f64,
  hasUnitWeights: bool,
): void {
  findRanges(m, start);
  const mean = totalWy / totalW;
  const isSmall = m <= FEW;
  let nTried = 0;
  for (let k = 0; k < nUsable && nTried < nTry; k++) {
    const pick = k + nextIndex(nUsable - k);
    const place = load<i32>(at4(order, pick));
    store<i32>(at4(order, pick), load<i32>(at4(order, k)));
    store<i32>(at4(order, k), place);
    const first = load<u16>(at2(leastCodes(), place)) as u32;
    const last = load<u16>(at2(largestCodes(), place)) as u32;
    const hasMissing = load<u16>(at2(gapMarks(), place)) !== 0;
    if (first === FINE_MISSING || (first === last && !hasMissing)) continue;
    const lows = fineLow + fineStart(load<i32>(at4(usable, place)));
    let threshold = Infinity;
    if (first < last) {
      const lowest = load<f64>(at8(lows, first));
      const highest = load<f64>(at8(lows, last));
      threshold = lowest + nextFraction() * (highest - lowest);
      if (!(threshold < highest)) threshold = lowest;
    }
    if (isSmall) {
      // Two rows have one split, the same whichever column makes it; only the random numbers go on.
      if (m > 2 || bestScore === -Infinity) tryFew(m, start, place, lows, threshold, first, totalW, mean, minLeaf);
    } else {
      store<u16>(at2(cuttingCodes(), place), cutAt(lows, threshold, first, last) as u16);
      store<f64>(at8(thresholds(), place), threshold);
      store<i32>(at4(triedPlaces(), nTried), place);
    }
    nTried++;
  }
  if (isSmall) return;
  sumSides(m, start, hasUnitWeights && m <= MOST_COUNTED);
  for (let k = 0; k < nTried; k++) {
    const place = load<i32>(at4(triedPlaces(), k));
    const sums = v128.load(at16(leftSums(), place));
    const cut = load<u16>(at2(cuttingCodes(), place)) as i32;
    const isCut = load<f64>(at8(thresholds(), place)) !== Infinity;
    trySums(m, start, place, load<f64>(at8(thresholds(), place)), cut, sums, isCut, totalW, mean, minLeaf);
  }
}

// The room at `ranges`: arrays over whole blocks of eight columns.
function room(): usize {
  return ((nUsable + 7) & ~7) as usize;
}
function leastCodes(): usize {
  return ranges;
}
function largestCodes(): usize {
  return ranges + room() * 2;
}
function gapMarks(): usize {
  return ranges + room() * 4;
}
function cuttingCodes(): usize {
  return ranges + room() * 6;
}
function triedPlaces(): usize {
  return ranges + room() * 8;
}
function thresholds(): usize {
  return ranges + room() * 12;
}
/** Pairs. */
function leftSums(): usize {
  return ranges + room() * 20;
}

function at2(base: usize, index: i32): usize {
  return base + ((index as usize) << 1);
}

/** Least and largest code of each column in the node, and whether values are missing there; eight columns at a time. */
function findRanges(m: i32, start: i32): void {
  const from = at4(rows, start);
  const end = at4(from, m);
  const gap = i16x8.splat(-1);
  const least = leastCodes();
  const largest = largestCodes();
  const marks = gapMarks();
  for (let block: usize = 0; block < rowBytes; block += 16) {
    const codes = tiled + block;
    let first = gap;
    let last = i16x8.splat(0);
    let gaps = i16x8.splat(0);
    for (let at = from; at < end; at += 4) {
      const eight = v128.load(codes + (load<u32>(at) as usize) * rowBytes);
      const isGap = i16x8.eq(eight, gap);
      first = i16x8.min_u(first, eight);
      last = i16x8.max_u(last, v128.andnot(eight, isGap));
      gaps = v128.or(gaps, isGap);
    }
    v128.store(least + block, first);
    v128.store(largest + block, last);
    v128.store(marks + block, gaps);
  }
}

/** Largest code whose value is at most the threshold. */
function cutAt(lows: usize, threshold: f64, first: u32, last: u32): u32 {
  let cut = first;
  let above = last;
  if (threshold === Infinity) return last;
  while (above - cut > 1) {
    const middle = (cut + above) >>> 1;
    const isBelow = load<f64>(at8(lows, middle)) <= threshold;
    cut = isBelow ? middle : cut;
    above = isBelow ? above : middle;
  }
  return cut;
}

/** Sums over the rows that go left, of all columns. */
function sumSides(m: i32, start: i32, isCounted: bool): void {
  const from = at4(rows, start);
  const end = at4(from, m);
  const cuts = cuttingCodes();
  const sums = leftSums();
  for (let block: usize = 0; block < rowBytes; block += 16) {
    const codes = tiled + block;
    const cut = v128.load(cuts + block);
    let count = i16x8.splat(0);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let w0 = s0;
    let w1 = s0;
    let w2 = s0;
    let w3 = s0;
    let pair = at16(pairs, start);
    for (let at = from; at < end; at += 4) {
      const left = i16x8.le_u(v128.load(codes + (load<u32>(at) as usize) * rowBytes), cut);
      const low = i32x4.extend_low_i16x8_s(left);
      const high = i32x4.extend_high_i16x8_s(left);
      const m0 = i64x2.extend_low_i32x4_s(low);
      const m1 = i64x2.extend_high_i32x4_s(low);
      const m2 = i64x2.extend_low_i32x4_s(high);
      const m3 = i64x2.extend_high_i32x4_s(high);
      const wy = v128.load64_splat(pair, 8);
      s0 = f64x2.add(s0, v128.and(m0, wy));
      s1 = f64x2.add(s1, v128.and(m1, wy));
      s2 = f64x2.add(s2, v128.and(m2, wy));
      s3 = f64x2.add(s3, v128.and(m3, wy));
      if (isCounted) {
        count = i16x8.sub(count, left);
      } else {
        const w = v128.load64_splat(pair);
        w0 = f64x2.add(w0, v128.and(m0, w));
        w1 = f64x2.add(w1, v128.and(m1, w));
        w2 = f64x2.add(w2, v128.and(m2, w));
        w3 = f64x2.add(w3, v128.and(m3, w));
      }
      pair += 16;
    }
    if (isCounted) {
      const low = i32x4.extend_low_i16x8_u(count);
      const high = i32x4.extend_high_i16x8_u(count);
      w0 = f64x2.convert_low_i32x4_u(low);
      w1 = f64x2.convert_low_i32x4_u(v128.shuffle<i64>(low, low, 1, 1));
      w2 = f64x2.convert_low_i32x4_u(high);
      w3 = f64x2.convert_low_i32x4_u(v128.shuffle<i64>(high, high, 1, 1));
    }
    const to = sums + (block << 3);
    v128.store(to, v128.shuffle<f64>(w0, s0, 0, 2));
    v128.store(to, v128.shuffle<f64>(w0, s0, 1, 3), 16);
    v128.store(to, v128.shuffle<f64>(w1, s1, 0, 2), 32);
    v128.store(to, v128.shuffle<f64>(w1, s1, 1, 3), 48);
    v128.store(to, v128.shuffle<f64>(w2, s2, 0, 2), 64);
    v128.store(to, v128.shuffle<f64>(w2, s2, 1, 3), 80);
    v128.store(to, v128.shuffle<f64>(w3, s3, 0, 2), 96);
    v128.store(to, v128.shuffle<f64>(w3, s3, 1, 3), 112);
  }
}

/** The split of a small node at a threshold: what goes left is told by the values. */
function tryFew(
  m: i32,
  start: i32,
  place: i32,
  lows: usize,
  threshold: f64,
  first: u32,
  totalW: f64,
  mean: f64,
  minLeaf: f64,
): void {
  const codes = tiled + ((place as usize) << 1);
  const none = f64x2.splat(0);
  let sums = none;
  let cut = first;
  for (let i = 0; i < m; i++) {
    const row = load<u32>(at4(rows, start + i)) as usize;
    const code = load<u16>(codes + row * rowBytes) as u32;
    const isLeft = code !== FINE_MISSING && load<f64>(at8(lows, code)) <= threshold;
    sums = f64x2.add(sums, isLeft ? v128.load(at16(pairs, start + i)) : none);
    cut = isLeft ? max(cut, code) : cut;
  }
  trySums(m, start, place, threshold, cut as i32, sums, threshold !== Infinity, totalW, mean, minLeaf);
}

/** Tries the split whose left side has these sums, and the one whose left side has what is missing too. */
function trySums(
  m: i32,
  start: i32,
  place: i32,
  threshold: f64,
  cut: i32,
  sums: v128,
  isCut: bool,
  totalW: f64,
  mean: f64,
  minLeaf: f64,
): void {
  const feature = load<i32>(at4(usable, place));
  const alone = scoreOf(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), totalW, mean, minLeaf);
  if (alone > bestScore * TIE) keep(alone, feature, threshold, cut, true, false);
  if (!isCut || load<u16>(at2(gapMarks(), place)) === 0) return;
  const both = f64x2.add(sums, sumOfMissing(m, start, place));
  const joined = scoreOf(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1), totalW, mean, minLeaf);
  if (joined > bestScore * TIE) keep(joined, feature, threshold, cut, true, true);
}

function sumOfMissing(m: i32, start: i32, place: i32): v128 {
  const codes = tiled + ((place as usize) << 1);
  let sums = f64x2.splat(0);
  for (let i = 0; i < m; i++) {
    const row = load<u32>(at4(rows, start + i)) as usize;
    if ((load<u16>(codes + row * rowBytes) as u32) === FINE_MISSING) {
      sums = f64x2.add(sums, v128.load(at16(pairs, start + i)));
    }
  }
  return sums;
}
