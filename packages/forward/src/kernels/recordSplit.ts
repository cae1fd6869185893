import {
  SPLIT_CODE,
  SPLIT_FEATURE,
  SPLIT_IS_FINE,
  SPLIT_MISSING_LEFT,
  SPLIT_SCORE,
  SPLIT_THRESHOLD,
} from "./treeData.ts";

/**
 * Notes a split between two neighbouring codes as the best so far. The threshold is half way between the largest value
 * on the left and the smallest on the right; +Infinity where only missing values are on the right.
 */
export function recordSplit(
  split: Float64Array,
  score: number,
  feature: number,
  high: number,
  low: number,
  code: number,
  isFine: number,
  missingLeft: number,
): void {
  let threshold = high + (low - high) / 2;
  if (!(threshold < low)) threshold = high;
  if (low === Number.POSITIVE_INFINITY) threshold = low;
  split[SPLIT_SCORE] = score;
  split[SPLIT_FEATURE] = feature;
  split[SPLIT_THRESHOLD] = threshold;
  split[SPLIT_CODE] = code;
  split[SPLIT_IS_FINE] = isFine;
  split[SPLIT_MISSING_LEFT] = missingLeft;
}
