import { basename } from "node:path";
import { createRaster, DomainError } from "@materiome/core";
import { type ExportFormat, type ExtraFile, exportRegions, regionClass } from "../annotations/exportRegions.ts";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { rowWindow } from "../bands/rowWindow.ts";
import { type CalibrationSource, resolveCalibration } from "../image/calibration.ts";
import { type DataBar, findBarRows } from "../image/dataBar.ts";
import { fileCalibration } from "../image/fileCalibration.ts";
import { greyWarning } from "../image/greyWarning.ts";
import { withReadingNotes } from "../image/readingNotes.ts";
import { grainTableCsv } from "../measure/grainTableCsv.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import type { ImageClassifier } from "../pixels/imageClassifier.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { DigitizeMethod, SegmentationMethod } from "../segment/chooseMethod.ts";
import { pipelineOptions, type SegmentMicrographOptions } from "../segment/segmentMicrograph.ts";
import type { MicrographRows } from "../segment/segmentMicrographBands.ts";
import { measureMosaic } from "./measureMosaic.ts";
import { openMosaic, storeMosaic } from "./openMosaic.ts";
import { previewBands } from "./previewBands.ts";
import { type SegmentedMosaic, segmentByModel, segmentByPipeline } from "./segmentMosaic.ts";
import { type TiffLayout, TiffRowWriter } from "./tiffRowWriter.ts";

/** What a worker needs to digitize a mosaic; plain data. */
export interface MosaicRequest {
  readonly file: string;
  readonly folder: string;
  /** Where the label TIFF is written; the caller gives it its name. */
  readonly labelsTemporary: string;
  /** With a model: where the map of its uncertainty is written. */
  readonly uncertaintyTemporary: string;
  readonly pixelSizeUm?: number | undefined;
  readonly dataBar?: "crop" | "keep" | undefined;
  readonly method: DigitizeMethod;
  readonly segment?: Omit<SegmentMicrographOptions, "method"> | undefined;
  readonly twins?: "keep" | "merge" | undefined;
  readonly model?: DigitizeModel | undefined;
  readonly exports: readonly ExportFormat[];
  readonly bandPixels: number;
}

/** How a mosaic was read and segmented, for the record. */
export interface MosaicRecord {
  /** Null without calibration. */
  readonly calibrationSource: CalibrationSource | null;
  /** As the instrument states it; null where it does not. */
  readonly magnification: number | null;
  /** The strip that was cut off before; null where there was none. */
  readonly dataBar: Pick<DataBar, "side" | "rows" | "reason"> | null;
  readonly method: SegmentationMethod | "model";
  readonly methodReason: string;
}

export interface MosaicResult {
  readonly measurement: ImageMeasurement;
  readonly record: MosaicRecord;
  readonly measured: Readonly<Record<string, number | string>>;
  readonly grainsCsv: string;
  readonly overlayPng: Uint8Array;
  readonly exports: readonly ExtraFile[];
}

/** Module of the task below, for `runTasks`. */
export const MOSAIC_TASKS: string = import.meta.url;

/** Digitizes one mosaic; a task for worker threads. */
export async function runMosaic(request: MosaicRequest): Promise<MosaicResult> {
  const { method, model, segment, twins } = request;
  const classifier = model === undefined ? undefined : await loadClassifier(model);
  const image = await openMosaic(request.file);
  refuseTooLarge(image, request);
  const { width } = image;
  const { findings, scannedRows } = await fileCalibration(image);
  const { calibration, warnings } = resolveCalibration(request.pixelSizeUm, findings);
  const pixelSizeUm = calibration?.pixelSizeUm;
  const layout = { bandRows: Math.max(16, Math.floor(request.bandPixels / width)), folder: request.folder };
  const whole = bandSpace(width, image.height, layout);
  let space = whole;
  try {
    const hasColour = needsColour(request, classifier);
    const stored = await storeMosaic(image, whole, { hasColour });
    const bar = request.dataBar === "keep" ? undefined : findBarRows(stored.grey, scannedRows);
    const picture = bar === undefined ? stored : withoutBar(stored, bar);
    if (bar !== undefined) space = bandSpace(width, image.height - bar.rows, layout);
    const doubt = greyWarning(eachBand(space, picture.grey));
    const notes = [...image.warnings, ...warnings, ...(doubt === undefined ? [] : [doubt])];
    const record = {
      calibrationSource: calibration?.source ?? null,
      magnification: calibration?.magnification ?? null,
      dataBar: bar === undefined ? null : { side: bar.side, rows: bar.rows, reason: bar.reason },
    };
    try {
      const found =
        classifier === undefined
          ? segmentByPipeline(space, picture, { ...pipelineOptions(method, segment), twins, pixelSizeUm })
          : await segmentByModel(space, picture, classifier, { twins, pixelSizeUm });
      return await pack(space, picture.grey, request, { found, notes, record, pixelSizeUm });
    } catch (cause) {
      throw withReadingNotes(cause, notes);
    }
  } finally {
    whole.close();
    space.close();
  }
}

function needsColour({ method, twins }: MosaicRequest, classifier: ImageClassifier | undefined): boolean {
  if (twins === "merge") return true;
  return classifier === undefined ? method === "colour" || method === "auto" : classifier.channels === "colour";
}

/** The picture above or below its data bar. */
function withoutBar({ grey, colour }: MicrographRows, { side, top, rows }: DataBar): MicrographRows {
  const [from, to] = side === "bottom" ? [0, top] : [rows, grey.height];
  const cut = (channel: RowReader<Float32Array>): RowReader<Float32Array> => rowWindow(channel, from, to);
  if (colour === undefined) return { grey: cut(grey) };
  const [red, green, blue] = colour;
  return { grey: cut(grey), colour: [cut(red), cut(green), cut(blue)] };
}

/** Outlines are found on the labels in memory: what would not fit is refused before any work. */
function refuseTooLarge(
  { width, height }: Pick<BandSpace, "width" | "height">,
  { exports }: Pick<MosaicRequest, "exports">,
): void {
  if (exports.length === 0 || width * height <= MOST_IN_MEMORY) return;
  throw new DomainError(
    `digitizeMosaic: regions are exported (${exports.join(", ")}) from images of at most ${MOST_IN_MEMORY / 1e6} million pixels, this one has ${((width * height) / 1e6).toFixed(0)} million; leave the export out, or cut the image into parts`,
  );
}

const MOST_IN_MEMORY = 100_000_000;

async function pack(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  request: MosaicRequest,
  parts: {
    readonly found: SegmentedMosaic;
    readonly notes: readonly string[];
    readonly record: Omit<MosaicRecord, "method" | "methodReason">;
    readonly pixelSizeUm: number | undefined;
  },
): Promise<MosaicResult> {
  const { width, height } = space;
  const { found, notes, record, pixelSizeUm } = parts;
  const { labels, nRegions, kind, method, methodReason, uncertainty } = found;
  const { measurement, regions, phaseNames } = measureMosaic(space, labels, { ...found, grey, pixelSizeUm });
  const bits = nRegions <= 65_535 ? 16 : 32;
  const layout = { width, height, pixelSizeUm };
  writeRows(request.labelsTemporary, { ...layout, bits, largest: nRegions }, (from, to) => {
    const rows = labels.read(from, to);
    return bits === 16 ? Uint16Array.from(rows) : rows;
  });
  if (uncertainty !== undefined) {
    const floats = { ...layout, bits: 32, isFloat: true, largest: 1 } as const;
    writeRows(request.uncertaintyTemporary, floats, (from, to) => uncertainty.read(from, to));
  }
  const factor = Math.ceil(Math.max(width, height) / PREVIEW_PX);
  const zeros = kind === "grains" ? "boundary" : "matrix";
  const classOf = regionClass(regions, phaseNames, kind);
  const exports =
    request.exports.length === 0
      ? []
      : exportRegions(
          request.exports,
          createRaster(labels.read(0, height), width, height, { pixelSizeUm }),
          basename(request.file),
          classOf,
        );
  return {
    measurement: { ...measurement, warnings: [...found.doubts, ...notes, ...found.warnings, ...measurement.warnings] },
    record: { ...record, method, methodReason },
    measured: found.measured,
    grainsCsv: grainTableCsv(regions, pixelSizeUm, { phases: phaseNames }),
    overlayPng: await previewBands(space, grey, labels, { factor, zeros }),
    exports,
  };
}

function writeRows(
  path: string,
  layout: TiffLayout,
  read: (from: number, to: number) => Parameters<TiffRowWriter["write"]>[0],
): void {
  const writer = new TiffRowWriter(path, layout);
  const { height } = layout;
  try {
    for (let from = 0; from < height; from += writer.rowsPerStrip) {
      writer.write(read(from, Math.min(height, from + writer.rowsPerStrip)));
    }
    writer.finish();
  } finally {
    writer.close();
  }
}

const PREVIEW_PX = 4096;
