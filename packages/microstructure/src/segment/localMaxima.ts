import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { ridgePixels, spacedPeaks, windowPeaks } from "../kernels/index.ts";
import { greyRange } from "./greyImage.ts";
import { extremum } from "./morphologyFilter.ts";

export interface LocalMaximaOptions {
  /** Whole number of px; peaks are more than this apart, in the larger of |dx| and |dy|. @defaultValue 1 */
  readonly minDistancePx?: number | undefined;
  /** Peaks lie above it. @defaultValue −∞ */
  readonly threshold?: number | undefined;
}

export interface LocalMaxima {
  /** 1 … n on single pixels, by falling height; of equal heights in raster order. */
  readonly markers: LabelMap;
  readonly n: number;
}

/**
 * Peaks of an image that keep a distance from each other: pixels that no pixel within the distance exceeds, taken by falling
 * height, without those too near to one taken before. Unlike {@link hMaxima} it does not ask how deep the saddles are.
 *
 * @param image - one channel, finite
 * @returns seeds for `markerWatershed`
 * @throws DomainError for NaN or infinite pixels or a distance that is no whole number of at least 1; ShapeError for colour
 * @example
 * const { markers, n } = localMaxima(distance, { minDistancePx: 7, threshold: 0 });
 */
export function localMaxima(image: Raster<Float32Array>, options: LocalMaximaOptions = {}): LocalMaxima {
  greyRange("localMaxima", image);
  const spacing = options.minDistancePx ?? 1;
  const threshold = options.threshold ?? Number.NEGATIVE_INFINITY;
  if (!(Number.isInteger(spacing) && spacing >= 1)) {
    throw new DomainError(`localMaxima: minDistancePx must be a whole number of at least 1, got ${spacing}`);
  }
  if (Number.isNaN(threshold)) throw new DomainError("localMaxima: threshold is NaN");
  const { width, height, data, pixelSizeUm } = image;
  const found = new Int32Array(data.length);
  let n = ridgePixels(width, height, data, threshold, found);
  if (n * (2 * spacing + 1) ** 2 < SCAN_LIMIT * data.length) n = windowPeaks(width, height, data, spacing, n, found);
  else {
    // Large plateaus or windows: one van Herk pass is cheaper than a look around every pixel.
    const highest = extremum(data, image, { shape: "square", radiusPx: spacing }, -1);
    n = 0;
    for (let i = 0; i < data.length; i++) if (data[i] === highest[i] && data[i]! > threshold) found[n++] = i; // as long
  }
  const order = found.subarray(0, n).sort((a, b) => data[b]! - data[a]! || a - b); // places in the image
  const markers = new Uint32Array(data.length);
  const nKept = spacedPeaks(width, height, order, spacing, markers);
  return { markers: createRaster(markers, width, height, { pixelSizeUm }), n: nKept };
}

/** Pixels looked at around candidates, a pixel of the image, up to which looking is cheaper than filtering. */
const SCAN_LIMIT = 20;
