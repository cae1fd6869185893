import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader, type RowStore } from "../bands/rowStore.ts";
import { allChannelRows } from "./channelRows.ts";
import { findTwinBands } from "./findTwinBands.ts";
import { mergeTwinBands } from "./mergeTwinBands.ts";

export interface JoinedTwins<Labels = LabelMap> {
  /** Grains 1 … n. */
  readonly labels: Labels;
  readonly nGrains: number;
  /** What was done, for the record of a measurement. */
  readonly rule: string;
}

/** Finds the twins of a segmentation and joins each with its grain. */
export function joinTwins(labels: LabelMap, image: Raster<Float32Array>): JoinedTwins {
  const { width, height, data, pixelSizeUm } = labels;
  const rows = memoryStore("uint32", width, height, data);
  const joined = joinTwinBands(bandSpace(width, height), rows, allChannelRows(image));
  return { ...joined, labels: createRaster(joined.labels.read(0, height), width, height, { pixelSizeUm }) };
}

/** `joinTwins` of labels and an image that need not be in memory. */
export function joinTwinBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  image: RowReader<Float32Array> | readonly RowReader<Float32Array>[],
): JoinedTwins<RowStore<Uint32Array>> {
  const { nMerged, ...joined } = mergeTwinBands(space, labels, findTwinBands(space, labels, image));
  const rule = `${nMerged} regions joined: lamellae with two straight parallel sides, and the parts of the grain that they cut`;
  return { ...joined, rule };
}

/** What is said where twins were to be joined and the regions are no grains. */
export function noTwins(kind: string): string {
  return `twins are joined in grains only; the regions found are ${kind}, and each counts for itself`;
}
