import { basename } from "node:path";
import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { type ExportFormat, type ExtraFile, exportRegions, regionClass } from "../annotations/exportRegions.ts";
import type { Calibration } from "../image/calibration.ts";
import type { DataBar } from "../image/dataBar.ts";
import { withReadingNotes } from "../image/readingNotes.ts";
import { readLabelImage } from "../image/readLabelImage.ts";
import { readMicrograph } from "../image/readMicrograph.ts";
import { encodeFloatTiff } from "../image/writeFloatTiff.ts";
import { encodeLabelTiff } from "../image/writeLabelTiff.ts";
import { renderOverlayPng } from "../image/writeOverlayPng.ts";
import { grainTableCsv } from "../measure/grainTableCsv.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import type { ClassifyPixelsOptions } from "../pixels/classifyPixels.ts";
import type { OtherColour } from "../pixels/imageForClassifier.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { DigitizeMethod } from "../segment/chooseMethod.ts";
import { digitizeByModel } from "./digitizeByModel.ts";
import { type DigitizedImage, type DigitizeImageOptions, digitizeImage, digitizeLabels } from "./digitizeImage.ts";
import type { ImageRecord } from "./imageSummary.ts";

/** What a worker needs to digitize one file; plain data. */
export interface DigitizeRequest {
  readonly file: string;
  readonly pixelSizeUm?: number | undefined;
  readonly method?: DigitizeMethod | undefined;
  readonly segment?: DigitizeImageOptions["segment"];
  readonly twins?: DigitizeImageOptions["twins"];
  /** Whether a data bar is cut off. @defaultValue "crop" */
  readonly dataBar?: "crop" | "keep" | undefined;
  /** Trained model to segment by, in place of a method. */
  readonly model?: DigitizeModel | undefined;
  /** What is done with an image of another scale than the model's. @defaultValue "refuse" */
  readonly otherPixelSize?: ClassifyPixelsOptions["otherPixelSize"];
  /** What is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: OtherColour | undefined;
  /** Further formats of the regions. @defaultValue none */
  readonly exports?: readonly ExportFormat[] | undefined;
  /** Of a label image: what its regions are. @defaultValue "grains" */
  readonly kind?: ImageMeasurement["kind"] | undefined;
  /** Of a label image: the micrograph under it, for the overlay. */
  readonly micrograph?: string | undefined;
}

/** Measurement and the contents of the files to write; plain data. */
export interface DigitizedFile {
  readonly measurement: ImageMeasurement;
  readonly record: Omit<ImageRecord, "file" | "specimen" | "outputs">;
  readonly labelsTiff: Uint8Array;
  readonly overlayPng: Uint8Array;
  readonly grainsCsv: string;
  /** Regions in other formats; with a model the entropy of its probabilities, 0 certain … 1. */
  readonly extras: readonly ExtraFile[];
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
  const micrograph = await readMicrograph(request.file, { pixelSizeUm: request.pixelSizeUm, dataBar: request.dataBar });
  const { calibration, dataBar, grey, warnings } = micrograph;
  try {
    const { method, segment, twins } = request;
    if (request.model === undefined) {
      const found = digitizeImage(micrograph, { method, segment, twins });
      return await pack(request, found, calibration, dataBar, grey);
    }
    const found = await digitizeByModel(micrograph, await loadClassifier(request.model), {
      threads: 1,
      twins,
      otherPixelSize: request.otherPixelSize,
      otherColour: request.otherColour,
    });
    const files = await pack(request, found, calibration, dataBar, grey);
    const uncertainty = encodeFloatTiff(found.uncertainty);
    return {
      ...files,
      extras: [...files.extras, { key: "uncertainty", ending: "uncertainty.tif", data: uncertainty }],
    };
  } catch (cause) {
    throw withReadingNotes(cause, warnings);
  }
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
  const grey = request.micrograph === undefined ? undefined : await greyUnder(request.micrograph, labels);
  const found = digitizeLabels(labels, warnings, request.kind);
  return pack(request, found, calibration, undefined, grey);
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
  request: DigitizeRequest,
  found: DigitizedImage,
  calibration: Calibration | undefined,
  dataBar: DataBar | undefined,
  grey: Raster<Float32Array> | undefined,
): Promise<DigitizedFile> {
  const { measurement, regions, labels, method, methodReason } = found;
  const white = createRaster(new Float32Array(labels.data.length).fill(1), labels.width, labels.height);
  return {
    measurement,
    record: {
      calibrationSource: calibration?.source ?? null,
      magnification: calibration?.magnification ?? null,
      dataBar: dataBar === undefined ? null : { side: dataBar.side, rows: dataBar.rows, reason: dataBar.reason },
      method,
      methodReason,
    },
    labelsTiff: encodeLabelTiff(labels),
    overlayPng: await renderOverlayPng(grey ?? white, labels, {
      tint: grey === undefined ? 0.6 : 0,
      zeros: measurement.kind === "grains" ? "boundary" : "matrix",
    }),
    grainsCsv: grainTableCsv(regions, measurement.pixelSizeUm ?? undefined, { phases: found.phaseNames }),
    extras: exportRegions(
      request.exports ?? [],
      labels,
      basename(request.file),
      regionClass(regions, found.phaseNames, measurement.kind),
    ),
  };
}
