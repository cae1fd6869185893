import type { LabelMap, Raster } from "@materiome/core";
import { findTwins } from "./findTwins.ts";
import { mergeTwins } from "./mergeTwins.ts";

export interface JoinedTwins {
  /** Grains 1 … n. */
  readonly labels: LabelMap;
  readonly nGrains: number;
  /** What was done, for the record of a measurement. */
  readonly rule: string;
}

/** Finds the twins of a segmentation and joins each with its grain. */
export function joinTwins(labels: LabelMap, image: Raster<Float32Array>): JoinedTwins {
  const { nMerged, ...joined } = mergeTwins(labels, findTwins(labels, image));
  const rule = `${nMerged} regions joined: lamellae with two straight parallel sides, and the parts of the grain that they cut`;
  return { ...joined, rule };
}

/** What is said where twins were to be joined and the regions are no grains. */
export function noTwins(kind: string): string {
  return `twins are joined in grains only; the regions found are ${kind}, and each counts for itself`;
}
