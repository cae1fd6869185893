import { createRaster, type Raster, ShapeError } from "@materiome/core";
import { distanceTransformSquared, nearestFeature } from "../kernels/index.ts";

export interface DistanceTransformOptions {
  /** Also find which background pixel is nearest. @defaultValue false */
  readonly nearest?: boolean | undefined;
}

export interface DistanceTransform {
  /** Distance of every foreground pixel to the nearest background pixel, px; 0 on background. `Infinity` where there is none. */
  readonly distance: Raster<Float32Array>;
  /** Index y · width + x of that background pixel; −1 where there is none. On ties the upper, then the left one. */
  readonly nearest?: Int32Array | undefined;
}

/**
 * Exact Euclidean distance transform of a mask: distance, between pixel centres, of every non-zero pixel to the nearest 0.
 * Linear in the number of pixels. What lies outside the image is neither. Squared distances are exact up to 2²⁴.
 *
 * @param mask - foreground not 0
 * @throws ShapeError for more than one channel
 * @see P. Felzenszwalb, D. Huttenlocher, Theory of Computing 8, 415 (2012), doi:10.4086/toc.2012.v008a019
 * @example
 * const { distance } = distanceTransform(mask);
 */
export function distanceTransform(mask: Raster<Uint8Array>, options: DistanceTransformOptions = {}): DistanceTransform {
  const { width, height, channels, data, pixelSizeUm } = mask;
  if (channels !== 1 || data.length === 0) {
    throw new ShapeError(
      `distanceTransform: mask must have one channel and at least one pixel, got ${width} × ${height} with ${channels}`,
    );
  }
  const background = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) background[i] = data[i] === 0 ? 1 : 0;
  const squared = new Float32Array(data.length);
  distanceTransformSquared(width, height, background, squared);
  for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i]!); // i < length
  const distance = createRaster(squared, width, height, { pixelSizeUm });
  if (options.nearest !== true) return { distance };
  const nearest = new Int32Array(data.length);
  nearestFeature(width, height, background, nearest);
  return { distance, nearest };
}
