import type { LabelMap } from "@materiome/core";
import { annotateRegions } from "./annotateRegions.ts";
import { cocoInstances } from "./coco.ts";
import { geoJson } from "./geoJson.ts";
import { imageJRoiZip } from "./imageJRoiZip.ts";
import { labelMeJson } from "./labelMe.ts";

/** Formats of other tools that the regions of an image can be written in. */
export const EXPORT_FORMATS = ["coco", "labelme", "geojson", "imagej"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A further file of an image: its key in `outputs`, what follows the stem in its name, and its contents. */
export interface ExtraFile {
  readonly key: ExportFormat | "uncertainty";
  readonly ending: string;
  readonly data: string | Uint8Array;
}

/**
 * Outlines of all regions along the pixel edges, in the formats asked for; filled again they give the same labels.
 * GeoJSON is in µm where the map is calibrated.
 *
 * @param classOf - class of each label
 */
export function exportRegions(
  formats: readonly ExportFormat[],
  labels: LabelMap,
  imageName: string,
  classOf: (label: number) => string,
): ExtraFile[] {
  if (formats.length === 0) return [];
  const set = { ...annotateRegions(labels, { classOf }), imageName };
  const write = {
    coco: () => JSON.stringify(cocoInstances(labels, { classOf, imageName })),
    labelme: () => JSON.stringify(labelMeJson(set)),
    geojson: () => JSON.stringify(geoJson(set, { units: labels.pixelSizeUm === undefined ? "px" : "um" })),
    imagej: () => imageJRoiZip(set),
  } satisfies Record<ExportFormat, () => string | Uint8Array>;
  return formats.map((key) => ({ key, ending: ENDINGS[key], data: write[key]() }));
}

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  coco: "coco.json",
  labelme: "labelme.json",
  geojson: "geojson",
  imagej: "rois.zip",
};
