import { createRaster, DomainError, type LabelMap } from "@materiome/core";
import { implausibleSize } from "../image/plausibility.ts";
import type { Micrograph } from "../image/readMicrograph.ts";
import { connectedComponents } from "../kernels/index.ts";
import { type MeasuredField, measureField } from "../measure/measureField.ts";
import { type SegmentGrainsOptions, segmentGrains } from "../segment/segmentGrains.ts";
import { refuseBoundaryMask } from "./refuseBoundaryMask.ts";

export interface DigitizeImageOptions {
  /** Way of segmenting; "classical" follows the boundary lines. @defaultValue "classical" */
  readonly method?: "classical" | undefined;
  readonly segment?: SegmentGrainsOptions | undefined;
}

/**
 * Segments a micrograph and measures its grains.
 *
 * @param micrograph - from `readMicrograph`; lengths are µm where it is calibrated, else pixels
 * @returns measurement, table of regions and the labels measured; warnings of all stages together
 * @throws DomainError where no boundaries are found, or for an unknown method
 * @throws DataError where a single grain fills the image
 * @example
 * const { measurement } = digitizeImage(await readMicrograph("steel.tif", { pixelSizeUm: 0.225 }));
 */
export function digitizeImage(micrograph: Micrograph, options: DigitizeImageOptions = {}): MeasuredField {
  const method: string = options.method ?? "classical";
  if (method !== "classical") {
    throw new DomainError(`digitizeImage: unknown method "${method}"; the only one so far is "classical"`);
  }
  const { grey } = micrograph;
  const { labels, diagnostics } = segmentGrains(grey, options.segment);
  const field = measureField(labels, { grey });
  const warnings: string[] = [];
  if (diagnostics.lineShare < LEAST_LINE_SHARE) warnings.push(notLines(diagnostics.lineShare));
  warnings.push(...micrograph.warnings);
  if (diagnostics.boundaryToNoise < FAINT) {
    warnings.push(
      `boundaries stand only ${diagnostics.boundaryToNoise.toFixed(0)} standard deviations above the noise; check the overlay`,
    );
  }
  const { measurement } = field;
  if (measurement.pixelSizeUm !== null) {
    const absurd = implausibleSize(measurement.meanInterceptUm, measurement.pixelSizeUm);
    if (absurd !== undefined) warnings.unshift(absurd);
  }
  return withWarnings(field, warnings);
}

/**
 * Measures a corrected label image. Each 4-connected region is a grain, so that a line of zeros drawn through one makes
 * two of it, whatever their numbers; the labels returned are renumbered 1 … n.
 *
 * @param labels - 0 boundary, other numbers grains
 * @throws DataError where fewer than two grains are left, for a mask of boundary lines, and where wide areas are 0
 */
export function digitizeLabels(labels: LabelMap, warnings: readonly string[] = []): MeasuredField {
  refuseBoundaryMask(labels);
  const { width, height, pixelSizeUm } = labels;
  const regions = new Uint32Array(width * height);
  const nRegions = connectedComponents(width, height, labels.data, 4, regions);
  const nNumbers = new Set(labels.data).size - (labels.data.includes(0) ? 1 : 0);
  const found = [...warnings];
  if (nRegions > nNumbers) {
    found.push(
      `${nNumbers} label numbers form ${nRegions} separate regions; each region is counted as a grain of its own`,
    );
  }
  return withWarnings(measureField(createRaster(regions, width, height, { pixelSizeUm })), found);
}

/**
 * Least share of line on the boundaries to believe a segmentation (`SegmentGrainsDiagnostics.lineShare`). The tests hold
 * pictures with boundary lines above 0.6 and pictures without below 0.3; faint lines between contrasting grains are at 0.4.
 */
const LEAST_LINE_SHARE = 0.35;

function notLines(share: number): string {
  const least = `${(100 * LEAST_LINE_SHARE).toFixed(0)} %`;
  return `do not use this grain size without looking at the overlay: on only ${(100 * share).toFixed(0)} % of the boundary length (less than ${least}) is there a line that differs from both its sides; the picture may have no boundary lines (colour etching, precipitates, contrast between grains only), or the polarity is wrong`;
}

/** Ridge strength over noise below which a segmentation deserves a look. */
const FAINT = 8;

function withWarnings(field: MeasuredField, warnings: readonly string[]): MeasuredField {
  const { measurement } = field;
  return { ...field, measurement: { ...measurement, warnings: [...warnings, ...measurement.warnings] } };
}
