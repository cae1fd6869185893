import { score as bestScore, keep, middleOf, scoreOf, TIE } from "./best";
import { at4, at8, at16, FINE_MISSING, fine, fineHigh, fineLow, fineStart, KEYS, nRows, pairs, rows } from "./memory";

/**
 * Best exact split of a small node (at most 64 rows) on one column: insertion sort of the fine codes, then one sweep. Scores
 * within rounding of each other count as equal, so that the random order of the columns breaks ties.
 *
 * @returns whether the column has more than one value in the node
 */
export function splitSorted(m: i32, start: i32, feature: i32, totalW: f64, totalWy: f64, minLeaf: f64): bool {
  const codes = fine + (((feature as usize) * (nRows as usize)) << 1);
  const from = at4(rows, start);
  let first: u32 = 65536;
  let last: u32 = 0;
  for (let i = 0; i < m; i++) {
    const code = load<u16>(codes + ((load<i32>(at4(from, i)) as usize) << 1)) as u32;
    first = min(first, code);
    last = max(last, code);
    const key = (code << 6) | (i as u32);
    let to = at4(KEYS, i);
    while (to > KEYS && load<u32>(to - 4) > key) {
      store<u32>(to, load<u32>(to - 4));
      to -= 4;
    }
    store<u32>(to, key);
  }
  if (first === last) return false;
  const own = at16(pairs, start);
  let missing = f64x2.splat(0);
  let present = m;
  if (last === FINE_MISSING) {
    while (load<u32>(at4(KEYS, present - 1)) >>> 6 === FINE_MISSING) {
      present--;
      missing = f64x2.add(missing, v128.load(at16(own, load<u32>(at4(KEYS, present)) & 63)));
    }
  }
  const lows = fineLow + fineStart(feature);
  const highs = fineHigh + fineStart(feature);
  const mean = totalWy / totalW;
  let sums = f64x2.splat(0);
  let next = load<u32>(KEYS);
  for (let i = 0; i < present; i++) {
    const key = next;
    sums = f64x2.add(sums, v128.load(at16(own, key & 63)));
    const code = key >>> 6;
    next = i + 1 < m ? load<u32>(at4(KEYS, i + 1)) : key;
    const nextCode = next >>> 6;
    if (nextCode === code) continue;
    const sumW = f64x2.extract_lane(sums, 0);
    const sumWy = f64x2.extract_lane(sums, 1);
    const alone = scoreOf(sumW, sumWy, totalW, mean, minLeaf);
    if (alone > bestScore * TIE) {
      const low = nextCode === FINE_MISSING ? Infinity : load<f64>(at8(lows, nextCode));
      keep(alone, feature, middleOf(load<f64>(at8(highs, code)), low), code, true, false);
    }
    if (present < m && i + 1 < present) {
      const both = f64x2.add(sums, missing);
      const joined = scoreOf(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1), totalW, mean, minLeaf);
      if (joined > bestScore * TIE) {
        keep(joined, feature, middleOf(load<f64>(at8(highs, code)), load<f64>(at8(lows, nextCode))), code, true, true);
      }
    }
  }
  return true;
}
