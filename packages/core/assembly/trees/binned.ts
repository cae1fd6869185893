import { at4, at16, BINS, COARSE_MISSING, coarse, nRows, OCCUPIED, pairs, rows } from "./memory";
import { startSweep, sweep } from "./sweep";

/**
 * Best split of a middle-sized node on one column: sums of the coarse codes, with a bit set of the occupied ones, so that the
 * sweep visits only those.
 *
 * @returns whether the column has more than one value in the node
 */
export function splitBinned(m: i32, start: i32, feature: i32, totalW: f64, totalWy: f64, minLeaf: f64): bool {
  const codes = coarse + (feature as usize) * (nRows as usize);
  let pair = at16(pairs, start);
  const end = at4(rows, start + m);
  for (let at = at4(rows, start); at < end; at += 4) {
    const code = load<u8>(codes + (load<u32>(at) as usize)) as usize;
    const bin = BINS + (code << 4);
    v128.store(bin, f64x2.add(v128.load(bin), v128.load(pair)));
    const word = OCCUPIED + ((code >>> 6) << 3);
    store<u64>(word, load<u64>(word) | ((1 as u64) << ((code & 63) as u64)));
    pair += 16;
  }
  const hasMissing = load<u64>(OCCUPIED, 24) >>> 63 !== 0;
  const missing = hasMissing ? v128.load(at16(BINS, COARSE_MISSING)) : f64x2.splat(0);
  startSweep(feature, totalW, totalWy, minLeaf, hasMissing, missing);
  let nOccupied = 0;
  for (let word = 0; word < 4; word++) {
    let bits = load<u64>(OCCUPIED + ((word as usize) << 3));
    store<u64>(OCCUPIED + ((word as usize) << 3), 0);
    while (bits !== 0) {
      const code = (word << 6) | (ctz(bits) as i32);
      bits &= bits - 1;
      nOccupied++;
      const bin = at16(BINS, code);
      sweep(code, v128.load(bin));
      v128.store(bin, f64x2.splat(0));
    }
  }
  return nOccupied > 1;
}
