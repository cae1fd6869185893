import { createRaster, DataError, type LabelMap } from "@materiome/core";
import type { Twin } from "./findTwins.ts";

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
  let most = 0;
  for (const label of labels.data) if (label > most) most = label;
  const present = new Uint8Array(most + 1);
  for (const label of labels.data) present[label] = 1;
  const parent = Uint32Array.from({ length: most + 1 }, (_, k) => k);
  const find = (k: number): number => {
    let root = k;
    while (parent[root] !== root) root = parent[root]!; // labels are at most `most`
    return root;
  };
  for (const { label, parents } of twins) {
    for (const k of [label, ...parents]) {
      if (k === 0 || present[k] !== 1) {
        throw new DataError(`mergeTwins: label ${k} is not in the map; use the label map that findTwins was given`);
      }
      const a = find(label);
      const b = find(k);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const number = new Uint32Array(most + 1);
  let nGrains = 0;
  let nBefore = 0;
  for (let k = 1; k <= most; k++) {
    if (present[k] !== 1) continue;
    nBefore++;
    const root = find(k);
    if (number[root] === 0) number[root] = ++nGrains;
    number[k] = number[root]!;
  }
  const data = labels.data.map((label) => number[label]!); // below most + 1
  return {
    labels: createRaster(data, labels.width, labels.height, { pixelSizeUm: labels.pixelSizeUm }),
    nGrains,
    nMerged: nBefore - nGrains,
  };
}
