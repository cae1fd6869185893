import { DomainError, type Raster } from "@materiome/core";
import { type GreyHistogram, type GreyHistogramOptions, histogramFor } from "./greyHistogram.ts";

/** What the histogram thresholds take: a histogram, or an image whose histogram is made first. */
export type GreyOrHistogram = GreyHistogram | Raster<Float32Array>;

/**
 * A histogram with at least `nClasses` occupied bins, made from an image where need be.
 */
export function occupiedHistogram(
  caller: string,
  input: GreyOrHistogram,
  options: GreyHistogramOptions,
  nClasses = 2,
): GreyHistogram {
  const histogram = "counts" in input ? input : histogramFor(caller, input, options);
  let occupied = 0;
  for (const count of histogram.counts) {
    if (!(count >= 0 && count < Infinity)) {
      throw new DomainError(`${caller}: counts must be finite and at least 0, got ${count}`);
    }
    if (count > 0) occupied++;
  }
  if (occupied < nClasses) {
    throw new DomainError(
      `${caller}: the histogram needs at least ${nClasses} occupied bins of ${histogram.counts.length}, got ${occupied}; the image is ${occupied < 2 ? "uniform" : "poorer in grey levels than that"}`,
    );
  }
  return histogram;
}

/**
 * Grey value behind bin `bin`, the last of the darker class: its upper edge, or the middle of the gap where empty bins
 * follow. The brighter class is `value >= threshold`.
 */
export function thresholdBehind(histogram: GreyHistogram, bin: number): number {
  const { counts, min, max } = histogram;
  let dark = bin;
  while (dark > 0 && counts[dark] === 0) dark--;
  let bright = bin + 1;
  while (bright < counts.length - 1 && counts[bright] === 0) bright++;
  return min + ((max - min) / counts.length) * ((dark + 1 + bright) / 2);
}
