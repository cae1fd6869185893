import { basename } from "node:path";
import { createRaster, DomainError } from "@materiome/core";
import { type ExportFormat, type ExtraFile, exportRegions, regionClass } from "../annotations/exportRegions.ts";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { grainTableCsv } from "../measure/grainTableCsv.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import type { OtherColour } from "../pixels/imageForClassifier.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import type { DigitizeMethod, SegmentationMethod } from "../segment/chooseMethod.ts";
import { pipelineOptions, type SegmentMicrographOptions } from "../segment/segmentMicrograph.ts";
import { measureMosaic } from "./measureMosaic.ts";
import type { ModelTileThreads } from "./modelTiles.ts";
import { previewBands } from "./previewBands.ts";
import { type SegmentedMosaic, segmentByModel, segmentByPipeline } from "./segmentMosaic.ts";
import { type PictureRecord, type PictureRequest, withStoredPicture } from "./storedPicture.ts";
import { writeRows } from "./writeRows.ts";

/** What a worker needs to digitize a mosaic; plain data. */
export interface MosaicRequest extends PictureRequest {
  /** Where the label TIFF is written; the caller gives it its name. */
  readonly labelsTemporary: string;
  /** With a model: where the map of its uncertainty is written. */
  readonly uncertaintyTemporary: string;
  readonly method: DigitizeMethod;
  readonly segment?: Omit<SegmentMicrographOptions, "method"> | undefined;
  readonly twins?: "keep" | "merge" | undefined;
  readonly model?: DigitizeModel | undefined;
  /** Of a model: whether an image of another scale is taken as it is. @defaultValue false */
  readonly ignorePixelSize?: boolean | undefined;
  /** Of a model: what is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: OtherColour | undefined;
  /** Of a model: other threads that segment tiles. @defaultValue none */
  readonly tiles?: ModelTileThreads | undefined;
  readonly exports: readonly ExportFormat[];
}

/** How a mosaic was read and segmented, for the record. */
export interface MosaicRecord extends PictureRecord {
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
  return withStoredPicture(
    request,
    needsColour(request, classifier),
    async ({ space, picture, isColoured, pixelSizeUm, notes, record }) => {
      const found =
        classifier === undefined || model === undefined
          ? segmentByPipeline(space, picture, { ...pipelineOptions(method, segment), twins, pixelSizeUm })
          : await segmentByModel(space, { ...picture, isColoured }, classifier, {
              ...request,
              pixelSizeUm,
              tiles: request.tiles && { ...request.tiles, model },
            });
      return pack(space, picture.grey, request, { found, notes, record, pixelSizeUm });
    },
    (size) => refuseTooLarge(size, request),
  );
}

function needsColour({ method, twins }: MosaicRequest, classifier: MicrographSegmenter | undefined): boolean {
  if (twins === "merge") return true;
  return classifier === undefined ? method === "colour" || method === "auto" : classifier.channels === "colour";
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
    readonly record: PictureRecord;
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

const PREVIEW_PX = 4096;
