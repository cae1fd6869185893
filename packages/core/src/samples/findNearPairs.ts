import { nearPairs } from "../kernels/index.ts";
import { numberCodes } from "../table/groupRows.ts";
import type { ComparedColumns } from "./comparedColumns.ts";

/** Pairs of rows within the tolerances, nearest first. */
export interface NearPairs {
  readonly pairs: readonly { readonly i: number; readonly j: number; readonly distance: number }[];
  /** False if there were more than fit, and the search was given up. */
  readonly isComplete: boolean;
}

/**
 * All pairs among the given rows that agree in the codes and lie within the tolerance in every dimension.
 *
 * In each dimension the sorted values fall apart into runs wherever a gap exceeds the tolerance; two near rows share the
 * run in every dimension, so rows are first sorted into buckets by their runs and codes, and only rows of one bucket are
 * compared, sweeping along the dimension with the fewest near pairs. Finds every pair; n log n work per dimension plus the
 * comparisons within buckets.
 *
 * @param rows - 0-based rows to compare
 * @param most - pairs after which the search gives up
 */
export function findNearPairs(compared: ComparedColumns, rows: Int32Array, most: number): NearPairs {
  const { dimensions } = compared;
  const nAll = dimensions[0]?.values.length ?? 0;
  const nDimensions = dimensions.length;
  if (nDimensions === 0 || rows.length < 2) return { pairs: [], isComplete: true };
  const data = new Float64Array(nDimensions * nAll);
  for (const [k, { values }] of dimensions.entries()) data.set(values, k * nAll);
  const tolerances = Float64Array.from(dimensions, ({ tolerance }) => tolerance);

  let codes = new Int32Array(rows.length);
  for (const own of compared.codes)
    codes = pairedCodes(
      codes,
      Int32Array.from(rows, (row) => own[row] ?? 0),
    );
  for (const { values, tolerance } of dimensions) codes = pairedCodes(codes, runCodes(values, tolerance, rows));
  const buckets = new Map<number, number[]>();
  for (const [k, code] of codes.entries()) {
    const bucket = buckets.get(code);
    const row = rows[k] ?? 0; // one code per row
    if (bucket === undefined) buckets.set(code, [row]);
    else bucket.push(row);
  }

  const pairs = new Int32Array(2 * most);
  const distances = new Float64Array(most);
  let found = 0;
  let isComplete = true;
  for (const bucket of buckets.values()) {
    if (bucket.length < 2) continue;
    const sweep = bestSweep(compared, bucket);
    const count = nearPairs(
      nAll,
      data,
      tolerances,
      sweep.rows,
      sweep.dimension,
      sweep.others,
      found,
      most,
      pairs,
      distances,
    );
    if (count < 0) {
      found = most;
      isComplete = false;
      break;
    }
    found = count;
  }
  const list = Array.from({ length: found }, (_, p) => ({
    i: pairs[2 * p] ?? 0,
    j: pairs[2 * p + 1] ?? 0,
    distance: distances[p] ?? 0,
  }));
  list.sort((a, b) => a.distance - b.distance || a.i - b.i || a.j - b.j);
  return { pairs: list, isComplete };
}

/** Number of the run of values, each within the tolerance of the next, that a row falls into. */
function runCodes(values: Float64Array, tolerance: number, rows: Int32Array): Int32Array {
  const own = Float64Array.from(rows, (row) => values[row] ?? 0);
  const sorted = own.slice().sort();
  const starts: number[] = [];
  for (const [k, value] of sorted.entries()) {
    const before = sorted[k - 1];
    // The same difference as the comparison takes, so that no pair is lost to rounding; equal infinities are one run.
    if (before === undefined || (value !== before && !(value - before <= tolerance))) starts.push(value);
  }
  const edges = Float64Array.from(starts);
  return Int32Array.from(own, (value) => {
    let low = 0;
    let high = edges.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((edges[middle] ?? 0) <= value) low = middle;
      else high = middle;
    }
    return low;
  });
}

function pairedCodes(a: Int32Array, b: Int32Array): Int32Array<ArrayBuffer> {
  let most = 0;
  for (const code of b) most = Math.max(most, code + 1);
  const pairs = new Float64Array(a.length);
  for (let i = 0; i < pairs.length; i++) pairs[i] = (a[i] ?? 0) * (most + 1) + (b[i] ?? -1) + 1;
  return numberCodes(pairs).codes;
}

/** The rows of a bucket sorted by the dimension that leaves the fewest pairs, and the others, most telling first. */
function bestSweep(
  compared: ComparedColumns,
  bucket: readonly number[],
): { readonly rows: Int32Array; readonly dimension: number; readonly others: Int32Array } {
  const counts = compared.dimensions.map(({ values, tolerance }, k) => {
    const sorted = Float64Array.from(bucket, (row) => values[row] ?? 0).sort();
    let nPairs = 0;
    let start = 0;
    for (const [b, value] of sorted.entries()) {
      while (start < b && value - (sorted[start] ?? value) > tolerance) start++;
      nPairs += b - start;
    }
    return { k, nPairs };
  });
  const order = counts.sort((a, b) => a.nPairs - b.nPairs || a.k - b.k).map(({ k }) => k);
  const dimension = order[0] ?? 0;
  const values = compared.dimensions[dimension]?.values;
  const rows = Int32Array.from(bucket).sort((a, b) => (values?.[a] ?? 0) - (values?.[b] ?? 0) || a - b);
  return { rows, dimension, others: Int32Array.from(order.slice(1)) };
}
