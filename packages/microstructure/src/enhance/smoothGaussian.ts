import type { Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";
import { checkImage, checkOption, mapChannels } from "./checkImage.ts";

export interface SmoothGaussianOptions {
  /** Standard deviation, px. @defaultValue 1 */
  readonly sigmaPx?: number | undefined;
}

/**
 * Convolution with a Gaussian cut at 4 σ, G(r) ∝ exp(−r² / 2σ²); borders reflect about the edge of the image.
 *
 * @param image - one channel, or three, each by itself
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or sigmaPx outside 0.1 … 10⁴
 * @example
 * const smooth = smoothGaussian(image, { sigmaPx: 1.5 });
 */
export function smoothGaussian(image: Raster<Float32Array>, options: SmoothGaussianOptions = {}): Raster<Float32Array> {
  checkImage("smoothGaussian", image);
  const sigma = checkOption("smoothGaussian", "sigmaPx", options.sigmaPx ?? 1, 0.1, 1e4);
  const { width, height } = image;
  const scratch = new Float32Array(width * height);
  return mapChannels(image, (values, out) => gaussianBlur(width, height, values, sigma, scratch, out));
}
