import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import type { CalibrationSource } from "../image/calibration.ts";
import { readLabelImage } from "../image/readLabelImage.ts";
import { readMicrograph } from "../image/readMicrograph.ts";
import { encodeLabelTiff } from "../image/writeLabelTiff.ts";
import { renderOverlayPng } from "../image/writeOverlayPng.ts";
import { grainTableCsv } from "../measure/grainTableCsv.ts";
import type { FieldMeasurement, MeasuredField } from "../measure/measureField.ts";
import type { SegmentGrainsOptions } from "../segment/segmentGrains.ts";
import { digitizeImage, digitizeLabels } from "./digitizeImage.ts";

/** What a worker needs to digitize one file; plain data. */
export interface DigitizeRequest {
  readonly file: string;
  readonly pixelSizeUm?: number | undefined;
  readonly segment?: SegmentGrainsOptions | undefined;
  /** Of a label image: the micrograph under it, for the overlay. */
  readonly micrograph?: string | undefined;
}

/** Measurement and the contents of the files to write; plain data. */
export interface DigitizedFile {
  readonly measurement: FieldMeasurement;
  readonly calibrationSource: CalibrationSource | null;
  readonly labelsTiff: Uint8Array;
  readonly overlayPng: Uint8Array;
  readonly grainsCsv: string;
}

/** Module of the tasks below, for `runTasks`. */
export const DIGITIZE_TASKS: string = import.meta.url;

/**
 * Reads, segments and measures one micrograph; a task for worker threads, so it writes nothing (a thread that is stopped
 * could leave half a file).
 *
 * @throws FormatError, DomainError, DataError as `readMicrograph` and `digitizeImage` do
 */
export async function digitizeFile(request: DigitizeRequest): Promise<DigitizedFile> {
  const micrograph = await readMicrograph(request.file, { pixelSizeUm: request.pixelSizeUm });
  const field = digitizeImage(micrograph, { segment: request.segment });
  return pack(field, micrograph.calibration?.source, micrograph.grey);
}

/**
 * Reads and measures one corrected label image; a task for worker threads. Without a micrograph the overlay shows the
 * grains in colours of their own.
 *
 * @throws FormatError, DataError as `readLabelImage` and `digitizeLabels` do
 * @throws ShapeError if label image and micrograph differ in size
 */
export async function measureLabelFile(request: DigitizeRequest): Promise<DigitizedFile> {
  const { labels, calibration, warnings } = await readLabelImage(request.file, { pixelSizeUm: request.pixelSizeUm });
  const field = digitizeLabels(labels, warnings);
  const grey = request.micrograph === undefined ? undefined : await greyUnder(request.micrograph, labels);
  return pack(field, calibration?.source, grey);
}

async function greyUnder(path: string, labels: LabelMap): Promise<Raster<Float32Array>> {
  const { grey } = await readMicrograph(path);
  const fits = (image: Raster<Float32Array>): boolean => image.width === labels.width && image.height === labels.height;
  if (fits(grey)) return grey;
  const whole = (await readMicrograph(path, { dataBar: "keep" })).grey; // labels drawn elsewhere cover a data bar too
  if (fits(whole)) return whole;
  throw new ShapeError(
    `the micrograph has ${grey.width} × ${grey.height} px, the label image ${labels.width} × ${labels.height}; they must be equal`,
    { location: { file: path } },
  );
}

async function pack(
  field: MeasuredField,
  calibrationSource: CalibrationSource | undefined,
  grey: Raster<Float32Array> | undefined,
): Promise<DigitizedFile> {
  const { measurement, regions, labels } = field;
  const white = createRaster(new Float32Array(labels.data.length).fill(1), labels.width, labels.height);
  return {
    measurement,
    calibrationSource: calibrationSource ?? null,
    labelsTiff: encodeLabelTiff(labels),
    overlayPng: await renderOverlayPng(grey ?? white, labels, { tint: grey === undefined ? 0.6 : 0 }),
    grainsCsv: grainTableCsv(regions, measurement.pixelSizeUm ?? undefined),
  };
}
