import type { Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";
import { checkImage, checkOption, mapChannels } from "./checkImage.ts";

export interface UnsharpMaskOptions {
  /** Standard deviation of the Gaussian whose difference is added, px. @defaultValue 2 */
  readonly sigmaPx?: number | undefined;
  /** Share of the difference that is added. @defaultValue 0.7 */
  readonly amount?: number | undefined;
  /** Differences up to this are left alone, so that noise is not sharpened. @defaultValue 0 */
  readonly threshold?: number | undefined;
  /** Cuts the result to 0 … 1. @defaultValue false */
  readonly clip?: boolean | undefined;
}

/**
 * Sharpens by adding what a Gaussian removes: I + amount · (I − G ∗ I), where |I − G ∗ I| exceeds the threshold.
 *
 * @param image - one channel, or three, each by itself
 * @returns same size and calibration; overshoots 0 … 1 unless `clip`
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or options out of range
 * @see W. K. Pratt, Digital Image Processing, 4th ed., Wiley (2007), section 10.4, doi:10.1002/0470097434
 * @example
 * const sharp = unsharpMask(image, { sigmaPx: 1.5, amount: 1 });
 */
export function unsharpMask(image: Raster<Float32Array>, options: UnsharpMaskOptions = {}): Raster<Float32Array> {
  const caller = "unsharpMask";
  checkImage(caller, image);
  const sigma = checkOption(caller, "sigmaPx", options.sigmaPx ?? 2, 0.1, 1e4);
  const amount = checkOption(caller, "amount", options.amount ?? 0.7, 0, 100);
  const threshold = checkOption(caller, "threshold", options.threshold ?? 0, 0, 1e9);
  const { width, height } = image;
  const scratch = new Float32Array(width * height);
  return mapChannels(image, (values, out) => {
    gaussianBlur(width, height, values, sigma, scratch, out);
    for (let i = 0; i < out.length; i++) {
      const value = values[i]!; // same size
      const difference = value - out[i]!;
      const sharp = Math.abs(difference) > threshold ? value + amount * difference : value;
      out[i] = options.clip === true ? Math.min(1, Math.max(0, sharp)) : sharp;
    }
  });
}
