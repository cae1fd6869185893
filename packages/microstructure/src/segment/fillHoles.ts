import type { Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { fillHoleBands } from "../bands/fillHoleBands.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { requireConnectivity } from "./requireConnectivity.ts";

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
  const { width, height, data } = mask;
  const out = new Uint8Array(data.length);
  const source = memoryStore("uint8", width, height, data);
  const filled = memoryStore("uint8", width, height, out);
  fillHoleBands(bandSpace(width, height), source, connectivity === 8 ? 4 : 8, filled);
  return withData(mask, out);
}
