import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents } from "../kernels/index.ts";
import { requireLabels } from "./labelCheck.ts";

export interface ConnectedRegionsOptions {
  /** Pixels that touch at a corner belong together under 8 only. @defaultValue 4 */
  readonly connectivity?: 4 | 8 | undefined;
}

export interface ConnectedRegions {
  /** 1 … n in the order of first pixels, row by row; 0 where the input is 0. */
  readonly labels: LabelMap;
  readonly nRegions: number;
}

/**
 * Connected regions of equal value that is not 0: the objects of a mask, or the parts of labels.
 *
 * @param mask - mask or label map; two touching labels stay two regions
 * @throws ShapeError for more than one channel; DomainError for a connectivity other than 4 and 8
 * @see A. Rosenfeld, J. L. Pfaltz, J. ACM 13, 471 (1966), doi:10.1145/321356.321357
 * @example
 * const { labels, nRegions } = connectedRegions(mask, { connectivity: 8 });
 */
export function connectedRegions(
  mask: Raster<Uint8Array | Uint32Array>,
  options: ConnectedRegionsOptions = {},
): ConnectedRegions {
  requireLabels("connectedRegions", mask);
  const connectivity = requireConnectivity("connectedRegions", options.connectivity ?? 4);
  const data = new Uint32Array(mask.data.length);
  const nRegions = connectedComponents(mask.width, mask.height, mask.data, connectivity, data);
  return { labels: { ...mask, data }, nRegions };
}

export function requireConnectivity(caller: string, connectivity: number): 4 | 8 {
  if (connectivity === 4 || connectivity === 8) return connectivity;
  throw new DomainError(`${caller}: connectivity must be 4 or 8, got ${connectivity}`);
}
