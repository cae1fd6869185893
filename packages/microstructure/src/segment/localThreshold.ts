import { createRaster, DomainError, type Raster } from "@materiome/core";
import { gaussianBlur, localMoments } from "../kernels/index.ts";
import { greyRange } from "./greyImage.ts";

export type LocalThresholdMethod = "sauvola" | "niblack" | "local-mean" | "local-gaussian";

export interface LocalThresholdOptions {
  /** @defaultValue "sauvola" */
  readonly method?: LocalThresholdMethod | undefined;
  /** Edge of the square window, odd, px; for "local-gaussian" 6 σ + 1. Should hold object and ground. @defaultValue 31 */
  readonly windowPx?: number | undefined;
  /** Weight of the local standard deviation. @defaultValue 0.2, the usual value of both Sauvola and Niblack */
  readonly k?: number | undefined;
  /** Sauvola's R, the largest standard deviation there can be. @defaultValue 0.5, right for grey in 0 … 1 */
  readonly deviationRange?: number | undefined;
  /** Taken off the local mean by "local-mean" and "local-gaussian". @defaultValue 0 */
  readonly offset?: number | undefined;
}

/**
 * Threshold of every pixel from the grey around it, for uneven illumination; borders are mirrored.
 *
 * With m and s the mean and standard deviation in the window: Sauvola m (1 + k (s/R − 1)); Niblack m − k s; local mean
 * m − offset; local Gaussian the same with Gaussian weights. Exact moments by running sums: cost does not depend on the
 * window, save for "local-gaussian". Sauvola expects a bright ground with dark objects and grey ≥ 0: invert where it is the
 * other way round.
 *
 * @param image - one channel, finite
 * @returns map of thresholds; the brighter class is `value >= threshold`
 * @throws DomainError for NaN or infinite pixels, an even window or bad options; ShapeError for colour
 * @see J. Sauvola, M. Pietikäinen, Pattern Recognit. 33, 225 (2000), doi:10.1016/S0031-3203(99)00055-2
 * @see W. Niblack, An Introduction to Digital Image Processing, Prentice-Hall (1986), p. 115
 * @example
 * const thresholds = localThreshold(image, { method: "sauvola", windowPx: 51 });
 */
export function localThreshold(image: Raster<Float32Array>, options: LocalThresholdOptions = {}): Raster<Float32Array> {
  const { min, max } = greyRange("localThreshold", image);
  const method = options.method ?? "sauvola";
  const windowPx = options.windowPx ?? 31;
  const k = options.k ?? 0.2;
  const range = options.deviationRange ?? 0.5;
  const offset = options.offset ?? 0;
  if (!(Number.isInteger(windowPx) && windowPx >= 3 && windowPx % 2 === 1)) {
    throw new DomainError(`localThreshold: windowPx must be an odd integer of at least 3, got ${windowPx}`);
  }
  if (!(range > 0)) throw new DomainError(`localThreshold: deviationRange must be above 0, got ${range}`);
  for (const [name, value] of Object.entries({ k, offset })) {
    if (!Number.isFinite(value)) throw new DomainError(`localThreshold: ${name} must be finite, got ${value}`);
  }
  const { width, height, data, pixelSizeUm } = image;
  const threshold = new Float32Array(data.length);
  const other = new Float32Array(data.length);
  if (method === "local-gaussian") {
    gaussianBlur(width, height, data, (windowPx - 1) / 6, other, threshold);
  } else {
    localMoments(width, height, data, (windowPx - 1) / 2, (min + max) / 2, threshold, other);
  }
  for (let i = 0; i < threshold.length; i++) {
    const mean = threshold[i]!; // both maps are as long as the image
    const deviation = other[i]!;
    if (method === "sauvola") threshold[i] = mean * (1 + k * (deviation / range - 1));
    else if (method === "niblack") threshold[i] = mean - k * deviation;
    else threshold[i] = mean - offset;
  }
  return createRaster(threshold, width, height, { pixelSizeUm });
}
