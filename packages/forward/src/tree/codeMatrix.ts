import type { Matrix } from "@materiome/core";
import type { RankedColumns } from "@materiome/core/numerics";
import { codeColumn, sortOrder, takeColumns } from "../kernels/index.ts";

const MAX_FINE = 65535;
const MAX_COARSE = 255;
/** Columns taken out of the rows together. */
const TOGETHER = 8;

/** Codes a feature matrix for growing trees; all arrays over shared memory, so that they reach threads without a copy. */
export function codeMatrix(x: Matrix): RankedColumns {
  const { rows: n, columns: d, data } = x;
  const coarse = new Uint8Array(shared(n * d));
  const fine = new Uint16Array(shared(n * d * 2));
  const coarseLow = new Float64Array(shared(d * 256 * 8));
  const coarseHigh = new Float64Array(shared(d * 256 * 8));
  const fineOffset = new Int32Array(shared((d + 1) * 4));
  const lows: Float64Array[] = [];
  const highs: Float64Array[] = [];
  const usable: number[] = [];
  const columns = new Float64Array(TOGETHER * n);
  const keys = new Int32Array(2 * n);
  const digits = new Int32Array(2048);
  const order = new Int32Array(n);
  const sorted = new Float64Array(n);
  const spare = new Int32Array(n);
  const low = new Float64Array(n);
  const high = new Float64Array(n);
  const counts = new Float64Array(n);
  const coarseOf = new Uint8Array(MAX_FINE + 1);
  let nCodes = 0;
  for (let f = 0; f < d; f++) {
    const k = f % TOGETHER;
    if (k === 0) takeColumns(n, d, f, Math.min(TOGETHER, d - f), data, columns);
    const values = columns.subarray(k * n, (k + 1) * n);
    const words = new Int32Array(columns.buffer, values.byteOffset, 2 * n);
    sortOrder(n, values, words, keys, digits, spare, order);
    let nPresent = n;
    while (nPresent > 0 && Number.isNaN(values[order[nPresent - 1] as number])) nPresent--; // NaN last
    const nFine = codeColumn(
      n,
      nPresent,
      values,
      order,
      sorted,
      MAX_FINE,
      MAX_COARSE,
      low,
      high,
      counts,
      coarseOf,
      coarseLow,
      coarseHigh,
      f * 256,
      fine,
      coarse,
      f * n,
    );
    if (nFine > 1 || (nFine === 1 && nPresent < n)) usable.push(f);
    lows.push(low.slice(0, nFine));
    highs.push(high.slice(0, nFine));
    fineOffset[f] = nCodes;
    nCodes += nFine;
  }
  fineOffset[d] = nCodes;
  const fineLow = new Float64Array(shared(nCodes * 8));
  const fineHigh = new Float64Array(shared(nCodes * 8));
  for (let f = 0; f < d; f++) {
    const offset = fineOffset[f] as number; // f < d
    fineLow.set(lows[f] as Float64Array, offset);
    fineHigh.set(highs[f] as Float64Array, offset);
  }
  return {
    n,
    d,
    coarse,
    coarseLow,
    coarseHigh,
    fine,
    fineOffset,
    fineLow,
    fineHigh,
    usable: Int32Array.from(usable),
  };
}

/** A copy over shared memory. */
export function shareNumbers(values: Float64Array): Float64Array {
  const copy = new Float64Array(shared(values.byteLength));
  copy.set(values);
  return copy;
}

export function shareCodes(values: Int32Array): Int32Array {
  const copy = new Int32Array(shared(values.byteLength));
  copy.set(values);
  return copy;
}

export function shareBytes(values: Uint8Array): Uint8Array {
  const copy = new Uint8Array(shared(values.byteLength));
  copy.set(values);
  return copy;
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
