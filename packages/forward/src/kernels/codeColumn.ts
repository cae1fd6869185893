import { COARSE_MISSING, FINE_MISSING } from "./treeData.ts";

/**
 * Codes one column of n values (see `TreeData`). `sorted` holds the values that are not missing in ascending order,
 * `nPresent` of them; `distinct` is a buffer of at least that length, `starts` likewise.
 *
 * @returns number of fine codes, whose values are in `low` and `high`
 */
export function codeColumn(
  n: number,
  nPresent: number,
  values: Float64Array,
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
  let nDistinct = 0;
  for (let i = 0; i < nPresent; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) {
      low[nDistinct] = sorted[i];
      high[nDistinct] = sorted[i];
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
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (Number.isNaN(value)) {
      fine[at + i] = FINE_MISSING;
      coarse[at + i] = COARSE_MISSING;
      continue;
    }
    let a = 0;
    let b = nFine - 1;
    while (a < b) {
      const middle = (a + b + 1) >> 1;
      if (low[middle] <= value) a = middle;
      else b = middle - 1;
    }
    fine[at + i] = a;
    coarse[at + i] = coarseOf[a];
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
