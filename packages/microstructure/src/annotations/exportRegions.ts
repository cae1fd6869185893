import type { LabelMap } from "@materiome/core";
import type { Region } from "../regions/regionTable.ts";
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

/** Class of a region for other tools: its phase, else what it is in the singular. */
export function regionClass(
  regions: readonly Region[],
  phaseNames: readonly string[] | undefined,
  kind: string,
): (label: number) => string {
  const names = new Map(regions.map(({ label }, k) => [label, phaseNames?.[k]]));
  const what = kind.slice(0, -1);
  return (label) => names.get(label) ?? what;
}

/** Name of a further file of an image beside `<stem>.labels.tif`. */
export function extraName(labelsName: string, ending: string): string {
  return `${labelsName.replace(/\.?labels\.tif$/, "")}.${ending}`;
}
