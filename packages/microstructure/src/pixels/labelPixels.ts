import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";

export interface LabelPixelsOptions {
  /** Standard deviation of a Gaussian over the probabilities before the most probable class is taken, px. @defaultValue 0 */
  readonly smoothingPx?: number | undefined;
}

/**
 * The most probable class of every pixel, 1 … nClasses; of equal ones the first.
 *
 * @param probabilities - one channel per class, from `classifyPixels`
 * @throws DomainError for a negative smoothing
 * @example
 * const phases = labelPixels(probabilities, { smoothingPx: 1 });
 */
export function labelPixels(probabilities: Raster<Float32Array>, options: LabelPixelsOptions = {}): LabelMap {
  const { smoothingPx = 0 } = options;
  if (!(smoothingPx >= 0)) throw new DomainError(`labelPixels: smoothingPx must be at least 0, got ${smoothingPx}`);
  const { width, height, channels, data, pixelSizeUm } = probabilities;
  const size = width * height;
  const best = new Float32Array(size).fill(-1);
  const labels = new Uint32Array(size);
  const plane = new Float32Array(size);
  const scratch = new Float32Array(size);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) plane[i] = data[i * channels + c]!; // i < size, here and below
    if (smoothingPx > 0) gaussianBlur(width, height, plane, smoothingPx, scratch, plane);
    for (let i = 0; i < size; i++) {
      if (plane[i]! <= best[i]!) continue;
      best[i] = plane[i]!;
      labels[i] = c + 1;
    }
  }
  return { data: labels, width, height, channels: 1, pixelSizeUm };
}
