import { otsuBin } from "../kernels/index.ts";
import type { FloatHistogram } from "./floatHistogram.ts";

/**
 * Typical strength of a clear boundary: the median of the crest values above Otsu's threshold; `undefined` where there are
 * fewer than `minCount`.
 *
 * @param crest - values above the noise floor
 */
export function typicalCrest(crest: FloatHistogram, minCount: number): number | undefined {
  const { count } = crest;
  if (count < minCount || count === 0) return undefined;
  const top = crest.ranked(Math.floor(0.999 * (count - 1))) ?? 0;
  const histogram = new Float64Array(N_BINS);
  for (const entry of crest.entries()) {
    histogram[Math.min(N_BINS - 1, Math.floor((N_BINS * entry.value) / top))]! += entry.count; // below N_BINS
  }
  const threshold = ((otsuBin(histogram) + 1) * top) / N_BINS;
  let first = 0;
  for (const entry of crest.entries()) if (entry.value < threshold) first += entry.count;
  return crest.ranked(Math.floor((first + count) / 2));
}

const N_BINS = 256;
