import type { Raster } from "@materiome/core";
import { boxBlur } from "../kernels/index.ts";

/**
 * Divides an image by its slow background and restores the mean: removes uneven illumination, which multiplies.
 *
 * The background is the mean over a window of standard deviation `sigmaPx` (three box filters, reflected borders), computed
 * twice: the second time pixels darker or brighter than the first estimate by more than two robust standard deviations
 * (boundaries, islands, pits) are replaced by that estimate, so that they do not pull it.
 *
 * @param grey - one channel, values ≥ 0
 * @param sigmaPx - px, much larger than a grain where the image allows it
 * @returns raster of the same size and calibration
 */
export function flattenBackground(grey: Raster<Float32Array>, sigmaPx: number): Raster<Float32Array> {
  const { width, height } = grey;
  const size = width * height;
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigmaPx * sigmaPx + 1) - 1) / 2));
  const scratch = new Float32Array(size);
  const background = new Float32Array(size);
  const smooth = (input: Float32Array): void => {
    boxBlur(width, height, input, radius, scratch, background);
    boxBlur(width, height, background, radius, scratch, background);
    boxBlur(width, height, background, radius, scratch, background);
  };
  smooth(grey.data);
  let deviation = 0;
  for (let i = 0; i < size; i++) deviation += Math.abs(grey.data[i]! - background[i]!); // same size
  const limit = (2.5 * deviation) / size; // 2 σ of a normal distribution, whose mean |deviation| is 0.8 σ
  const trimmed = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const value = grey.data[i]!;
    const level = background[i]!;
    trimmed[i] = Math.abs(value - level) > limit ? level : value;
  }
  smooth(trimmed);
  let mean = 0;
  for (const value of background) mean += value;
  mean /= size;
  const floor = 0.05 * mean; // a black region has no illumination to divide by
  const data = new Float32Array(size);
  for (let i = 0; i < size; i++) data[i] = (grey.data[i]! * mean) / Math.max(background[i]!, floor);
  return { ...grey, data };
}
