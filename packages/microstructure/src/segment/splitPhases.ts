import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { sampleRows } from "../bands/sampleRows.ts";
import { otsuOfRows } from "./otsuOf.ts";

export interface TwoPhases {
  readonly threshold: number;
  /** Median greys below and above it. */
  readonly low: number;
  readonly high: number;
  /** Share of pixels above it. */
  readonly highShare: number;
  /** (high − low) / √((s²low + s²high)/2), s from the median absolute deviations. */
  readonly separation: number;
}

/** `splitPhaseBands` of values in memory. */
export function splitPhases(values: Float32Array, threshold?: number): TwoPhases | undefined {
  const { length } = values;
  return splitPhaseBands(bandSpace(length, 1), memoryStore("float32", length, 1, values), threshold);
}

/**
 * Splits grey values into two phases at the grey half-way between their medians (where a blurred edge has its middle), found by
 * iteration (T. W. Ridler, S. Calvard, IEEE Trans. Syst. Man Cybern. 8, 630 (1978), doi:10.1109/TSMC.1978.4310039, with medians for
 * means). It is started from Otsu's threshold and, since that cuts the matrix in two where particles are few, from four robust standard
 * deviations above and below the median; the start whose phases are most separate wins.
 *
 * @param threshold - given: taken as it is
 * @returns undefined for a uniform image
 */
export function splitPhaseBands(
  space: BandSpace,
  values: RowReader<Float32Array>,
  threshold?: number,
): TwoPhases | undefined {
  const sorted = sampleRows(space, values, 200_000).sort();
  if (threshold !== undefined) return describe(sorted, threshold);
  const otsu = otsuOfRows(space, values);
  if (otsu === undefined) return undefined;
  const middle = median(sorted, 0, sorted.length);
  const spread = 1.4826 * deviation(sorted, 0, sorted.length, middle);
  let best: TwoPhases | undefined;
  for (const start of [otsu, middle + 4 * spread, middle - 4 * spread]) {
    let at = start;
    for (let round = 0; round < 50; round++) {
      const cut = countUpTo(sorted, at);
      if (cut === 0 || cut === sorted.length) break;
      const next = (median(sorted, 0, cut) + median(sorted, cut, sorted.length)) / 2;
      if (next === at) break;
      at = next;
    }
    const phases = describe(sorted, at);
    if (phases === undefined) continue;
    // A clearly more separate split of few pixels beats Otsu's, a slightly more separate one does not.
    if (best === undefined || phases.separation > 1.5 * best.separation) best = phases;
  }
  return best;
}

/** Least share of the pixels in a phase. */
const LEAST_SHARE = 0.001;

function describe(sorted: Float32Array, threshold: number): TwoPhases | undefined {
  const cut = countUpTo(sorted, threshold);
  const share = 1 - cut / sorted.length;
  if (share < LEAST_SHARE || share > 1 - LEAST_SHARE) return undefined;
  const low = median(sorted, 0, cut);
  const high = median(sorted, cut, sorted.length);
  const sLow = 1.4826 * deviation(sorted, 0, cut, low);
  const sHigh = 1.4826 * deviation(sorted, cut, sorted.length, high);
  const spread = Math.sqrt((sLow * sLow + sHigh * sHigh) / 2);
  return { threshold, low, high, highShare: share, separation: (high - low) / Math.max(spread, 1e-6) };
}

function countUpTo(sorted: Float32Array, threshold: number): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const mid = (low + high) >> 1;
    if (sorted[mid]! <= threshold)
      low = mid + 1; // mid < length
    else high = mid;
  }
  return low;
}

/** Median of sorted[from … to). */
function median(sorted: Float32Array, from: number, to: number): number {
  return sorted[from + ((to - from) >> 1)]!; // from < to
}

/** Median of |v − middle| over sorted[from … to). */
function deviation(sorted: Float32Array, from: number, to: number, middle: number): number {
  const distances = sorted.slice(from, to).map((value) => Math.abs(value - middle));
  return distances.sort()[distances.length >> 1]!;
}
