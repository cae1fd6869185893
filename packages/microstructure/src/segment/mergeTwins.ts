import { createRaster, type LabelMap } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import type { Twin } from "./findTwins.ts";
import { mergeTwinBands } from "./mergeTwinBands.ts";

export interface MergedTwins {
  /** Labels 1 … n without gaps; 0 stays 0. */
  readonly labels: LabelMap;
  readonly nGrains: number;
  /** Regions that became part of another. */
  readonly nMerged: number;
}

/**
 * Joins twins with the grain on both their sides, as ASTM E112 counts grains (twin boundaries left out).
 *
 * @param twins - from `findTwins`, all of them or those an operator keeps
 * @throws DataError for a twin whose label or parents are not in the map
 * @example
 * const { labels, nGrains } = mergeTwins(segmentation.labels, findTwins(segmentation.labels));
 */
export function mergeTwins(labels: LabelMap, twins: readonly Twin[]): MergedTwins {
  const { width, height, data, pixelSizeUm } = labels;
  const merged = mergeTwinBands(bandSpace(width, height), memoryStore("uint32", width, height, data), twins);
  return { ...merged, labels: createRaster(merged.labels.read(0, height), width, height, { pixelSizeUm }) };
}
