import type { Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import { skeletonizeBands } from "./skeletonizeBands.ts";

/**
 * Thins a mask to 8-connected lines one pixel wide in its middle, by Guo and Hall's parallel algorithm A1. Parts stay whole
 * and separate, holes stay holes, ends of lines stay where they are. (Zhang and Suen's algorithm, which is more often used,
 * deletes some small parts altogether.)
 *
 * @param mask - foreground not 0; what lies outside the image is background
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel
 * @see Z. Guo, R. W. Hall, Commun. ACM 32, 359 (1989), doi:10.1145/62065.62074
 * @example
 * const lines = skeletonize(boundaries);
 */
export function skeletonize(mask: Raster<Uint8Array>): Raster<Uint8Array> {
  requireOneChannel("skeletonize", mask);
  const { width, height, data } = mask;
  const lines = skeletonizeBands(bandSpace(width, height), memoryStore("uint8", width, height, data));
  return withData(mask, lines.read(0, height));
}
