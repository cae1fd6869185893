import { score as bestScore, keep, middleOf, scoreOf, TIE } from "./best";
import { at8, COARSE_MISSING, coarseHigh, coarseLow } from "./memory";

// A sweep over the occupied bins of one column, in ascending order: `startSweep`, then `sweep` for each.
let column: i32 = 0;
let lows: usize = 0;
let highs: usize = 0;
let wholeW: f64 = 0;
let mean: f64 = 0;
let least: f64 = 0;
let hasMissing: bool = false;
let missing: v128 = f64x2.splat(0);
let sums: v128 = f64x2.splat(0);
let previous: i32 = -1;

export function startSweep(
  feature: i32,
  totalW: f64,
  totalWy: f64,
  minLeaf: f64,
  hasMissingRows: bool,
  sumsOfMissing: v128,
): void {
  column = feature;
  lows = coarseLow + ((feature as usize) << 11);
  highs = coarseHigh + ((feature as usize) << 11);
  wholeW = totalW;
  mean = totalWy / totalW;
  least = minLeaf;
  hasMissing = hasMissingRows;
  missing = sumsOfMissing;
  sums = f64x2.splat(0);
  previous = -1;
}

/** Tries the splits between the bin before and this one, then adds its pair to the left side. */
export function sweep(code: i32, pair: v128): void {
  if (previous >= 0) {
    const low = code === COARSE_MISSING ? Infinity : load<f64>(at8(lows, code));
    const alone = scoreOf(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), wholeW, mean, least);
    if (alone > bestScore * TIE) {
      keep(alone, column, middleOf(load<f64>(at8(highs, previous)), low), previous, false, false);
    }
    if (hasMissing && code !== COARSE_MISSING) {
      const both = f64x2.add(sums, missing);
      const joined = scoreOf(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1), wholeW, mean, least);
      if (joined > bestScore * TIE) {
        keep(joined, column, middleOf(load<f64>(at8(highs, previous)), low), previous, false, true);
      }
    }
  }
  sums = f64x2.add(sums, pair);
  previous = code;
}
