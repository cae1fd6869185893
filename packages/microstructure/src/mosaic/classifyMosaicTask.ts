import { createRaster } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { ChannelRows } from "../bands/imageRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { renderClassOverlayPng } from "../image/classOverlay.ts";
import { requirePixelSizeInBands, unknownScale } from "../pixels/classifyPixels.ts";
import { imageForClassifier, type OtherColour } from "../pixels/imageForClassifier.ts";
import { imageStatisticsBands } from "../pixels/imageStatisticsBands.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import type { ColourRows } from "../segment/perceptualChannels.ts";
import { type ClassifiedBands, classifyBandsBy } from "./classifyBands.ts";
import { type ModelTileThreads, modelTileRun } from "./modelTiles.ts";
import { previewBands } from "./previewBands.ts";
import { segmentTilesBy } from "./segmentTiles.ts";
import { type PictureRecord, type PictureRequest, withStoredPicture } from "./storedPicture.ts";
import { writeRows } from "./writeRows.ts";

/** What a worker needs to classify the pixels of a mosaic; plain data. */
export interface ClassifyMosaicRequest extends PictureRequest, ModelTileThreads {
  readonly model: DigitizeModel;
  /** Where the TIFF files are written; the caller gives them their names. */
  readonly labelsTemporary: string;
  readonly uncertaintyTemporary: string;
  readonly ignorePixelSize: boolean;
  readonly otherColour: OtherColour | undefined;
}

export interface ClassifiedMosaic {
  readonly width: number;
  readonly height: number;
  readonly pixelSizeUm: number | undefined;
  /** Pixels of each class. */
  readonly counts: readonly number[];
  /** Of a model that tells regions apart. */
  readonly nRegions: number | undefined;
  readonly meanUncertainty: number;
  readonly overlayPng: Uint8Array;
  readonly record: PictureRecord;
  readonly warnings: readonly string[];
}

/** Module of the task below, for `runTasks`. */
export const CLASSIFY_MOSAIC_TASKS: string = import.meta.url;

/** Classifies the pixels of one mosaic band by band; a task for worker threads. */
export async function runClassifyMosaic(request: ClassifyMosaicRequest): Promise<ClassifiedMosaic> {
  const classifier = await loadClassifier(request.model);
  return withStoredPicture(request, classifier.channels === "colour", async (stored) => {
    const { space, picture, isColoured, pixelSizeUm, record } = stored;
    const { width, height } = space;
    if (!request.ignorePixelSize) requirePixelSizeInBands({ pixelSizeUm }, classifier);
    const { image, notes } = imageForClassifier(
      classifier,
      { ...picture, isColoured },
      request.otherColour,
      (grey): ColourRows => [grey, grey, grey],
    );
    const isOfRegions = classifier.instances !== undefined;
    const found = isOfRegions
      ? await classifyBandsBy(space, image, classifier, 1024, (statistics) =>
          modelTileRun(request.model, statistics, request, true),
        )
      : await classesOf(space, image, classifier, request);
    const { classes, uncertainty, nRegions } = found;
    const layout = { width, height, pixelSizeUm };
    const largest = nRegions ?? classifier.classes.length;
    const bits = largest <= 65_535 ? 16 : 32;
    writeRows(request.labelsTemporary, { ...layout, bits, largest }, (from, to) => {
      const rows = found.labels?.read(from, to) ?? Uint32Array.from(classes.read(from, to), (code) => code + 1);
      return bits === 16 ? Uint16Array.from(rows) : rows;
    });
    let sum = 0;
    writeRows(request.uncertaintyTemporary, { ...layout, bits: 32, isFloat: true, largest: 1 }, (from, to) => {
      const rows = uncertainty.read(from, to);
      for (const value of rows) sum += value;
      return rows;
    });
    return {
      ...layout,
      counts: Array.from(found.counts),
      meanUncertainty: sum / (width * height),
      nRegions,
      overlayPng:
        found.labels === undefined
          ? await classPreview(space, picture.grey, classes)
          : await previewBands(space, picture.grey, found.labels, {
              factor: Math.ceil(Math.max(width, height) / PREVIEW_PX),
              zeros: classifier.instances?.kind === "grains" ? "boundary" : "matrix",
            }),
      record,
      warnings: [
        ...stored.notes,
        ...notes,
        ...(request.ignorePixelSize ? [] : unknownScale({ pixelSizeUm }, classifier)),
      ],
    };
  });
}

/** Classes alone, without the regions that would follow from them. */
async function classesOf(
  space: BandSpace,
  image: ChannelRows,
  classifier: MicrographSegmenter,
  request: ClassifyMosaicRequest,
): Promise<Omit<ClassifiedBands, "labels" | "nRegions" | "kind" | "reason"> & Partial<ClassifiedBands>> {
  const statistics = classifier.normalise === "image" ? imageStatisticsBands(space, image) : undefined;
  const segmenter = statistics === undefined ? classifier : classifier.forStatistics(statistics);
  const { run, close } = modelTileRun(request.model, statistics, request);
  const tiles = { tilePx: 1024, hasUncertainty: true };
  const found = await segmentTilesBy(space, image, segmenter, tiles, run).finally(close);
  return { ...found, uncertainty: found.uncertainty as RowStore<Float32Array> }; // it was asked for
}

const PREVIEW_PX = 4096;

/** Picture of at most 4096 px an edge: grey averaged, the class of the middle of each square of pixels. */
async function classPreview(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  classes: RowReader<Uint8Array>,
): Promise<Uint8Array> {
  const { width, height } = space;
  const factor = Math.ceil(Math.max(width, height) / PREVIEW_PX);
  const [across, down] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float32Array(across * down);
  const counts = new Float32Array(across * down);
  const labels = new Uint32Array(across * down);
  const middle = Math.floor(factor / 2);
  for (const { from, to } of space.bands(0)) {
    const greys = grey.read(from, to);
    const codes = classes.read(from, to);
    for (let y = from; y < to; y++) {
      for (let x = 0; x < width; x++) {
        const at = Math.floor(y / factor) * across + Math.floor(x / factor);
        const i = (y - from) * width + x;
        sums[at]! += greys[i]!; // inside the band, here and below
        counts[at]! += 1;
        // A square cut off by the border has the class of its first pixel.
        const isMiddle = x % factor === middle && y % factor === middle;
        if (isMiddle || labels[at] === 0) labels[at] = codes[i]! + 1;
      }
    }
  }
  const mean = sums.map((sum, i) => sum / counts[i]!); // as many
  return renderClassOverlayPng(createRaster(mean, across, down), createRaster(labels, across, down));
}
