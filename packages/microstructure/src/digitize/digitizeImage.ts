import { createRaster, type LabelMap } from "@materiome/core";
import type { Micrograph } from "../image/readMicrograph.ts";
import { connectedComponents } from "../kernels/index.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import { measureField } from "../measure/measureField.ts";
import { measureLayers } from "../measure/measureLayers.ts";
import { measureSecondPhase } from "../measure/measureSecondPhase.ts";
import type { Region } from "../regions/regionTable.ts";
import type { DigitizeMethod, SegmentationMethod } from "../segment/chooseMethod.ts";
import { joinTwins, noTwins } from "../segment/joinTwins.ts";
import { lineDoubts } from "../segment/lineDoubts.ts";
import { pipelineOptions, type SegmentMicrographOptions, segmentMicrograph } from "../segment/segmentMicrograph.ts";
import { refuseBoundaryMask } from "./refuseBoundaryMask.ts";

export interface DigitizeImageOptions {
  /** @defaultValue "auto": by the look of the image, with the reason */
  readonly method?: DigitizeMethod | undefined;
  /** Options of the pipelines. @defaultValue each pipeline's own */
  readonly segment?: Omit<SegmentMicrographOptions, "method"> | undefined;
  /** Whether the parts of a twinned grain count as one grain (`findTwins`). @defaultValue "keep": they count apart */
  readonly twins?: "keep" | "merge" | undefined;
}

export interface DigitizedImage {
  readonly measurement: ImageMeasurement;
  /** All regions in pixels; see `grainTableCsv`. */
  readonly regions: readonly Region[];
  /** The map measured. */
  readonly labels: LabelMap;
  /** Phase of each region; undefined where there is only one. */
  readonly phaseNames?: readonly string[] | undefined;
  readonly method: SegmentationMethod | "labels" | "model";
  readonly methodReason: string;
}

/**
 * Segments a micrograph and measures what it shows: grains, particles, pores or layers.
 *
 * @param micrograph - from `readMicrograph`; lengths are µm where it is calibrated, else pixels
 * @returns measurement, table of regions and the labels measured; warnings of all stages together
 * @throws DomainError where the image shows no structure that the method can follow
 * @throws DataError where a single grain fills the image, or there is no particle
 * @example
 * const { measurement } = digitizeImage(await readMicrograph("steel.tif", { pixelSizeUm: 0.225 }));
 */
export function digitizeImage(micrograph: Micrograph, options: DigitizeImageOptions = {}): DigitizedImage {
  const { method = "auto", segment } = options;
  const found = segmentMicrograph(micrograph, pipelineOptions(method, segment));
  const isMerged = options.twins === "merge";
  const hasTwins = isMerged && found.kind === "grains";
  const field = hasTwins ? measureJoined(found.labels, micrograph) : measure(found.labels, found.kind, micrograph.grey);
  const unused = isMerged && !hasTwins ? [noTwins(found.kind)] : [];
  const warnings = [...lineDoubts(found), ...micrograph.warnings, ...found.warnings, ...unused];
  return { ...withWarnings(field, warnings), method: found.method, methodReason: found.reason };
}

/**
 * Measures a corrected label image. Each 4-connected region is a grain, so that a line of zeros drawn through one makes
 * two of it, whatever their numbers; the labels returned are renumbered 1 … n. Of particles and pores 0 is the matrix.
 *
 * @param labels - 0 boundary (of particles and pores: matrix), other numbers regions
 * @param kind - what the regions are
 * @throws DataError where fewer than two grains are left, for a mask of boundary lines, and where wide areas are 0
 * @example
 * const { measurement } = digitizeLabels((await readLabelImage("steel.labels.tif")).labels);
 */
export function digitizeLabels(
  labels: LabelMap,
  warnings: readonly string[] = [],
  kind: ImageMeasurement["kind"] = "grains",
): DigitizedImage {
  if (kind === "grains") refuseBoundaryMask(labels);
  const { width, height, pixelSizeUm } = labels;
  const regions = new Uint32Array(width * height);
  const nRegions = connectedComponents(width, height, labels.data, kind === "grains" ? 4 : 8, regions);
  const nNumbers = new Set(labels.data).size - (labels.data.includes(0) ? 1 : 0);
  const found = [...warnings];
  if (nRegions > nNumbers) {
    found.push(`${nNumbers} label numbers form ${nRegions} separate regions; each region is counted as one of its own`);
  }
  const field = measure(createRaster(regions, width, height, { pixelSizeUm }), kind);
  return { ...withWarnings(field, found), method: "labels", methodReason: "corrected label image" };
}

export type Measured = Omit<DigitizedImage, "method" | "methodReason">;

function measure(labels: LabelMap, kind: ImageMeasurement["kind"], grey?: Micrograph["grey"]): Measured {
  switch (kind) {
    case "grains": {
      const field = measureField(labels, { grey });
      return { ...field, measurement: { kind, ...field.measurement } };
    }
    case "particles":
    case "pores": {
      const field = measureSecondPhase(labels, { grey, phase: kind });
      return { ...field, measurement: { kind, ...field.measurement } };
    }
    case "layers": {
      const field = measureLayers(labels);
      return { ...field, measurement: { kind, ...field.measurement } };
    }
  }
}

/** Grains with their twins joined. */
export function measureJoined(labels: LabelMap, { grey, colour }: Micrograph): Measured {
  const joined = joinTwins(labels, colour ?? grey);
  const field = measureField(joined.labels, { grey, twinRule: joined.rule });
  return { ...field, measurement: { kind: "grains", ...field.measurement } };
}

export function withWarnings(field: Measured, warnings: readonly string[]): Measured {
  const { measurement } = field;
  return { ...field, measurement: { ...measurement, warnings: [...warnings, ...measurement.warnings] } };
}
