/** A split must beat the best so far by this factor: less is rounding. */
export const TIE: f64 = 1 + 1e-9;

// The best split of the node found so far.
export let score: f64 = -Infinity;
export let feature: i32 = -1;
export let threshold: f64 = 0;
/** Largest code that goes left, a fine or a coarse one. */
export let code: i32 = 0;
export let isFine: bool = false;
export let missingLeft: bool = false;

export function forget(): void {
  score = -Infinity;
  feature = -1;
}

/** Notes a split as the best so far. */
export function keep(
  newScore: f64,
  newFeature: i32,
  newThreshold: f64,
  newCode: i32,
  newIsFine: bool,
  newMissingLeft: bool,
): void {
  score = newScore;
  feature = newFeature;
  threshold = newThreshold;
  code = newCode;
  isFine = newIsFine;
  missingLeft = newMissingLeft;
}

/**
 * Half way between the largest value on the left and the smallest on the right; +Infinity where only missing values are on the
 * right.
 */
export function middleOf(high: f64, low: f64): f64 {
  if (low === Infinity) return low;
  const middle = high + (low - high) / 2;
  return middle < low ? middle : high;
}

/**
 * Σ (Sl − Wl ȳ)² / (Wl Wr), which orders splits as the decrease of the summed squared error does; −Infinity where a side holds
 * less than `minLeaf`.
 */
export function scoreOf(sumW: f64, sumWy: f64, totalW: f64, mean: f64, minLeaf: f64): f64 {
  const rightW = totalW - sumW;
  if (!(sumW >= minLeaf && rightW >= minLeaf)) return -Infinity;
  const excess = sumWy - sumW * mean;
  return (excess * excess) / (sumW * rightW);
}
