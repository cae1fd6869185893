import { createRaster, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { requireGrey } from "./greyImage.ts";
import { localThresholdBands } from "./localThresholdBands.ts";

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
  requireGrey("localThreshold", image);
  const { width, height, data, pixelSizeUm } = image;
  const thresholds = localThresholdBands(
    bandSpace(width, height),
    memoryStore("float32", width, height, data),
    options,
  );
  return createRaster(thresholds.read(0, height), width, height, { pixelSizeUm });
}
