import { bandSpace } from "../bands/bandSpace.ts";
import { resolveCalibration } from "../image/calibration.ts";
import { fileCalibration } from "../image/fileCalibration.ts";
import { grainTableCsv } from "../measure/grainTableCsv.ts";
import { describeField, type FieldMeasurement } from "../measure/measureField.ts";
import { sizeDistribution } from "../measure/sizeDistribution.ts";
import { segmentGrainBands } from "../segment/segmentGrainBands.ts";
import type { SegmentGrainsDiagnostics, SegmentGrainsOptions } from "../segment/segmentGrains.ts";
import { measureBands } from "./measureBands.ts";
import { openMosaic, storeGrey } from "./openMosaic.ts";
import { previewBands } from "./previewBands.ts";
import { TiffRowWriter } from "./tiffRowWriter.ts";

/** What a worker needs to digitize a mosaic; plain data. */
export interface MosaicRequest {
  readonly file: string;
  readonly folder: string;
  /** Where the label TIFF is written; the caller gives it its name. */
  readonly labelsTemporary: string;
  readonly pixelSizeUm?: number | undefined;
  readonly segment?: SegmentGrainsOptions | undefined;
  readonly bandPixels: number;
}

export interface MosaicResult {
  readonly measurement: FieldMeasurement;
  readonly diagnostics: SegmentGrainsDiagnostics;
  readonly calibrationSource: string | null;
  readonly grainsCsv: string;
  readonly overlayPng: Uint8Array;
}

/** Module of the task below, for `runTasks`. */
export const MOSAIC_TASKS: string = import.meta.url;

/** Digitizes one mosaic; a task for worker threads. */
export async function runMosaic(request: MosaicRequest): Promise<MosaicResult> {
  const image = await openMosaic(request.file);
  const { width, height } = image;
  const { findings } = await fileCalibration(image);
  const { calibration, warnings } = resolveCalibration(request.pixelSizeUm, findings);
  const pixelSizeUm = calibration?.pixelSizeUm;
  const bandRows = Math.max(16, Math.floor(request.bandPixels / width));
  const space = bandSpace(width, height, { bandRows, folder: request.folder });
  try {
    const grey = await storeGrey(image, space);
    const { labels, nGrains, diagnostics } = segmentGrainBands(space, grey, request.segment);
    const { intercept, planimetric, regions } = measureBands(space, labels, nGrains, grey, pixelSizeUm);
    const sizes = sizeDistribution(regions, image);
    const measurement = describeField(image, {
      intercept,
      planimetric,
      nGrains: regions.length,
      sizes,
      pixelSizeUm,
      warnings: [...image.warnings, ...warnings],
    });
    const writer = new TiffRowWriter(request.labelsTemporary, {
      width,
      height,
      bits: nGrains <= 65_535 ? 16 : 32,
      largest: nGrains,
      pixelSizeUm,
    });
    for (let from = 0; from < height; from += writer.rowsPerStrip) {
      const rows = labels.read(from, Math.min(height, from + writer.rowsPerStrip));
      writer.write(nGrains <= 65_535 ? Uint16Array.from(rows) : rows);
    }
    writer.finish();
    const factor = Math.ceil(Math.max(width, height) / PREVIEW_PX);
    const overlayPng = await previewBands(space, grey, labels, factor);
    const grainsCsv = grainTableCsv(regions, pixelSizeUm);
    return { measurement, diagnostics, calibrationSource: calibration?.source ?? null, grainsCsv, overlayPng };
  } finally {
    space.close();
  }
}

const PREVIEW_PX = 4096;
