import { otsuBin } from "../kernels/index.ts";

/**
 * Typical strength of a clear boundary: the median of the crest values above Otsu's threshold, taken among those above
 * the noise floor; `undefined` where fewer than `minCount` stand above it.
 */
export function typicalCrest(crest: Float32Array, noiseFloor: number, minCount: number): number | undefined {
  const values = crest.filter((value) => value > noiseFloor).sort();
  if (values.length < minCount || values.length === 0) return undefined;
  const top = values[Math.floor(0.999 * (values.length - 1))]!; // below length
  const histogram = new Float64Array(N_BINS);
  for (const value of values) histogram[Math.min(N_BINS - 1, Math.floor((N_BINS * value) / top))]! += 1;
  const threshold = ((otsuBin(histogram) + 1) * top) / N_BINS;
  const first = values.findIndex((value) => value >= threshold);
  return values[Math.floor((first + values.length) / 2)]; // first ≤ index of top
}

const N_BINS = 256;
