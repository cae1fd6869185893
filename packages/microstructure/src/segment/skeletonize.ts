import type { Raster } from "@materiome/core";
import { guoHallTable, thin } from "../kernels/index.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";

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
  const out = mask.data.slice();
  thin(mask.width, mask.height, guoHallTable(), out);
  return withData(mask, out);
}
