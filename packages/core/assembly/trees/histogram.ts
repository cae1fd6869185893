import {
  at4,
  at16,
  COARSE_MISSING,
  COLUMN_BYTES,
  COLUMN_PAIRS,
  coarse,
  nRows,
  nUsable,
  pairs,
  rows,
  usable,
} from "./memory";
import { startSweep, sweep } from "./sweep";

/** Histograms of the rows start … end − 1 over all usable columns. */
export function buildHistogram(start: i32, end: i32, histogram: usize): void {
  memory.fill(histogram, 0, (nUsable as usize) * COLUMN_BYTES);
  const last = at4(rows, end);
  for (let k = 0; k < nUsable; k++) {
    const codes = coarse + (load<i32>(at4(usable, k)) as usize) * (nRows as usize);
    let pair = at16(pairs, start);
    for (let at = at4(rows, start); at < last; at += 4) {
      const code = load<u8>(codes + (load<u32>(at) as usize)) as usize;
      const bin = histogram + (code << 4);
      v128.store(bin, f64x2.add(v128.load(bin), v128.load(pair)));
      const count = histogram + (code << 2);
      store<i32>(count, load<i32>(count, COLUMN_PAIRS) + 1, COLUMN_PAIRS);
      pair += 16;
    }
    histogram += COLUMN_BYTES;
  }
}

/** Turns the parent's histogram into the sibling's. */
export function subtractHistogram(child: usize, parent: usize): void {
  for (let k = 0; k < nUsable; k++) {
    for (let b: usize = 0; b < COLUMN_PAIRS; b += 16) {
      v128.store(parent + b, f64x2.sub(v128.load(parent + b), v128.load(child + b)));
    }
    for (let b = COLUMN_PAIRS; b < COLUMN_BYTES; b += 16) {
      v128.store(parent + b, i32x4.sub(v128.load(parent + b), v128.load(child + b)));
    }
    child += COLUMN_BYTES;
    parent += COLUMN_BYTES;
  }
}

/**
 * Best split of a large node on the column at one place of `usable`, from its histogram.
 *
 * @returns whether the column has more than one value in the node
 */
export function splitHistogram(place: i32, histogram: usize, totalW: f64, totalWy: f64, minLeaf: f64): bool {
  const bins = histogram + (place as usize) * COLUMN_BYTES;
  const counts = bins + COLUMN_PAIRS;
  const hasMissing = load<i32>(at4(counts, COARSE_MISSING)) > 0;
  const missing = hasMissing ? v128.load(at16(bins, COARSE_MISSING)) : f64x2.splat(0);
  startSweep(load<i32>(at4(usable, place)), totalW, totalWy, minLeaf, hasMissing, missing);
  let nOccupied = 0;
  for (let code = 0; code < 256; code++) {
    if (load<i32>(at4(counts, code)) === 0) continue;
    nOccupied++;
    sweep(code, v128.load(at16(bins, code)));
  }
  return nOccupied > 1;
}
