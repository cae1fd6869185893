import { createRaster } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { renderClassOverlayPng } from "../image/classOverlay.ts";
import { requirePixelSizeInBands } from "../pixels/classifyPixels.ts";
import { imageForClassifier, type OtherColour } from "../pixels/imageForClassifier.ts";
import { imageStatisticsBands } from "../pixels/imageStatisticsBands.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { ColourRows } from "../segment/perceptualChannels.ts";
import { type ModelTileThreads, modelTileRun } from "./modelTiles.ts";
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
    const statistics = classifier.normalise === "image" ? imageStatisticsBands(space, image) : undefined;
    const segmenter = statistics === undefined ? classifier : classifier.forStatistics(statistics);
    const { run, close } = modelTileRun(request.model, statistics, request);
    const tiles = { tilePx: 1024, hasUncertainty: true };
    const found = await segmentTilesBy(space, image, segmenter, tiles, run).finally(close);
    const uncertainty = found.uncertainty as RowStore<Float32Array>; // it was asked for
    const layout = { width, height, pixelSizeUm };
    writeRows(request.labelsTemporary, { ...layout, bits: 16, largest: classifier.classes.length }, (from, to) =>
      Uint16Array.from(found.classes.read(from, to), (code) => code + 1),
    );
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
      overlayPng: await classPreview(space, picture.grey, found.classes),
      record,
      warnings: [...stored.notes, ...notes],
    };
  });
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
