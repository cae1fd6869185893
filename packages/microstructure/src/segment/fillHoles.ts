import type { Raster } from "@materiome/core";
import { floodBorder } from "../kernels/index.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import { type ReconstructOptions, requireConnectivity } from "./reconstructByDilation.ts";

/**
 * Fills the holes of a mask: zeros that no path of zeros joins to the border of the image become 1.
 *
 * @param mask - foreground not 0
 * @param options - `connectivity` of the foreground: paths of zeros run through 4 neighbours under 8 and through 8 under 4
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a connectivity other than 4 and 8
 * @example
 * const solid = fillHoles(mask);
 */
export function fillHoles(mask: Raster<Uint8Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  requireOneChannel("fillHoles", mask);
  const connectivity = requireConnectivity("fillHoles", options.connectivity ?? 8);
  const out = new Uint8Array(mask.data.length);
  floodBorder(mask.width, mask.height, mask.data, connectivity === 8 ? 4 : 8, out);
  for (let i = 0; i < out.length; i++) out[i] = 1 - out[i]!; // i < length
  return withData(mask, out);
}
