import { COARSE_MISSING, FINE_MISSING } from "./treeData.ts";

/**
 * Codes one column of n values (see `RankedColumns` in core). `order` holds the rows in ascending order of their values, the `nPresent` that
 * are not missing first; `sorted` has room for these values.
 *
 * @returns number of fine codes, whose values are in `low` and `high`
 */
export function codeColumn(
  n: number,
  nPresent: number,
  values: Float64Array,
  order: Int32Array,
  sorted: Float64Array,
  maxFine: number,
  maxCoarse: number,
  low: Float64Array,
  high: Float64Array,
  counts: Float64Array,
  coarseOf: Uint8Array,
  coarseLow: Float64Array,
  coarseHigh: Float64Array,
  coarseAt: number,
  fine: Uint16Array,
  coarse: Uint8Array,
  at: number,
): number {
  // The only pass that jumps between the values.
  for (let i = 0; i < nPresent; i++) sorted[i] = values[order[i]];
  let nDistinct = 0;
  for (let i = 0; i < nPresent; i++) {
    const value = sorted[i];
    if (i === 0 || value !== high[nDistinct - 1]) {
      low[nDistinct] = value;
      high[nDistinct] = value;
      counts[nDistinct] = 1;
      nDistinct++;
    } else {
      counts[nDistinct - 1]++;
    }
  }
  let nFine = nDistinct;
  if (nDistinct > maxFine) {
    nFine = merge(nDistinct, nPresent, maxFine, low, high, counts);
  }
  // Coarse bins: equal shares of the rows, at least one fine code each.
  let bin = 0;
  let filled = 0;
  let remaining = nPresent;
  for (let code = 0; code < nFine; code++) {
    if (
      nFine > maxCoarse &&
      filled > 0 &&
      filled + counts[code] / 2 > remaining / (maxCoarse - bin) &&
      bin < maxCoarse - 1
    ) {
      remaining -= filled;
      bin++;
      filled = 0;
    }
    if (nFine <= maxCoarse) bin = code;
    if (filled === 0 || nFine <= maxCoarse) coarseLow[coarseAt + bin] = low[code];
    coarseHigh[coarseAt + bin] = high[code];
    coarseOf[code] = bin;
    filled += counts[code];
  }
  let code = 0;
  for (let i = 0; i < nPresent; i++) {
    const row = order[i];
    if (sorted[i] > high[code]) code++;
    fine[at + row] = code;
    coarse[at + row] = coarseOf[code];
  }
  for (let i = nPresent; i < n; i++) {
    fine[at + order[i]] = FINE_MISSING;
    coarse[at + order[i]] = COARSE_MISSING;
  }
  return nFine;
}

/** Joins neighbouring values into at most `most` codes with about equal numbers of rows. */
function merge(
  nDistinct: number,
  nPresent: number,
  most: number,
  low: Float64Array,
  high: Float64Array,
  counts: Float64Array,
): number {
  let code = 0;
  let filled = counts[0];
  let remaining = nPresent;
  for (let i = 1; i < nDistinct; i++) {
    if (filled + counts[i] / 2 > remaining / (most - code) && code < most - 1) {
      counts[code] = filled;
      remaining -= filled;
      code++;
      low[code] = low[i];
      filled = 0;
    }
    high[code] = high[i];
    filled += counts[i];
  }
  counts[code] = filled;
  return code + 1;
}
