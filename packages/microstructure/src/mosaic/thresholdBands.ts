import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { otsuBin } from "../kernels/index.ts";

export interface ThresholdBandsOptions {
  /** Whether the mask holds what is brighter or darker than the threshold. @defaultValue "bright" */
  readonly foreground?: "bright" | "dark" | undefined;
  /** @defaultValue Otsu's, on 1024 bins over the range of the values */
  readonly threshold?: number | undefined;
}

export interface ThresholdedBands {
  /** 1 on the foreground: above the threshold, or at most the threshold where dark. */
  readonly mask: RowStore<Uint8Array>;
  readonly threshold: number;
  readonly nForeground: number;
}

/**
 * Threshold of an image that need not be in memory, Otsu's by default (N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979),
 * doi:10.1109/TSMC.1979.4310076), from a histogram of all its pixels.
 *
 * @throws DomainError for an image of one grey without a threshold given, or values that are not finite
 * @example
 * const { mask } = thresholdBands(space, grey, { foreground: "dark" });
 */
export function thresholdBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: ThresholdBandsOptions = {},
): ThresholdedBands {
  const threshold = options.threshold ?? otsu(space, grey);
  const isBright = (options.foreground ?? "bright") === "bright";
  const mask = space.store("uint8");
  let nForeground = 0;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const rows = mask.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      const isInside = values[i]! > threshold === isBright; // same length
      rows[i] = isInside ? 1 : 0;
      if (isInside) nForeground++;
    }
    mask.write(from, rows);
  }
  return { mask, threshold, nForeground };
}

const N_BINS = 1024;

function otsu(space: BandSpace, grey: RowReader<Float32Array>): number {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!; // i < length
      if (!Number.isFinite(value)) throw new DomainError("thresholdBands: the image holds NaN or infinite values");
      if (value < least) least = value;
      if (value > largest) largest = value;
    }
  }
  if (!(largest > least)) {
    throw new DomainError(`thresholdBands: every pixel is ${least}, there is nothing to separate; give a threshold`);
  }
  const histogram = new Float64Array(N_BINS);
  const scale = N_BINS / (largest - least);
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    for (let i = 0; i < values.length; i++) {
      histogram[Math.min(N_BINS - 1, Math.floor((values[i]! - least) * scale))]! += 1; // below N_BINS
    }
  }
  return least + (otsuBin(histogram) + 1) / scale;
}
