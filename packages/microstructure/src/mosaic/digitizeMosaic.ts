import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, extname, join } from "node:path";
import {
  type AbortLike,
  commitTemporaryFile,
  DomainError,
  type Progress,
  runTasks,
  temporaryPathFor,
  writeFileAtomic,
} from "@materiome/core";
import { type ExportFormat, type ExtraFile, extraName } from "../annotations/exportRegions.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import type { ClassifyPixelsOptions } from "../pixels/classifyPixels.ts";
import type { OtherColour } from "../pixels/imageForClassifier.ts";
import type { DigitizeModel } from "../pixels/loadClassifier.ts";
import type { DigitizeMethod } from "../segment/chooseMethod.ts";
import type { SegmentMicrographOptions } from "../segment/segmentMicrograph.ts";
import { MOSAIC_TASKS, type MosaicRecord, type MosaicRequest, type MosaicResult } from "./mosaicTask.ts";
import { withTaskProgress } from "./taskProgress.ts";

export interface DigitizeMosaicOptions {
  /** Folder for the results and, while it runs, for 30 to 80 bytes a pixel of scratch data; it must exist. */
  readonly outDir: string;
  /** Edge of a pixel, µm. @defaultValue what the file says */
  readonly pixelSizeUm?: number | undefined;
  /** Whether a data bar that is surely one is cut off. @defaultValue "crop" */
  readonly dataBar?: "crop" | "keep" | undefined;
  /** How regions are found. @defaultValue "auto": by the look of the image, with the reason */
  readonly method?: DigitizeMethod | undefined;
  /** Options of the pipelines. @defaultValue each pipeline's own */
  readonly segment?: Omit<SegmentMicrographOptions, "method"> | undefined;
  /** Whether the parts of a twinned grain count as one. @defaultValue "keep": they count apart */
  readonly twins?: "keep" | "merge" | undefined;
  /** Trained model to segment by, in place of a method. */
  readonly model?: DigitizeModel | undefined;
  /** With a model: what is done with an image of another scale than the model's; mosaics are not rescaled. @defaultValue "refuse" */
  readonly otherPixelSize?: ClassifyPixelsOptions["otherPixelSize"];
  /** With a model: what is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: OtherColour | undefined;
  /**
   * Further formats to write the regions in, from the labels in memory: at least 8 bytes a pixel of the image, besides the outlines and
   * their text; up to 100 million pixels. @defaultValue none
   */
  readonly exports?: readonly ExportFormat[] | undefined;
  /** Names of the files within `outDir`. @defaultValue the stem of the picture and `.labels.tif`, `.overlay.png`, `.grains.csv` */
  readonly outputs?: MosaicOutputs | undefined;
  /** Pixels worked on at a time, which sets the memory, about 130 bytes each, but for `exports`. @defaultValue 4 million */
  readonly bandPixels?: number | undefined;
  /** With a model: threads that segment tiles. @defaultValue all processors */
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  /** With a model: told of the tiles. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Names of the files written; further ones are named after the labels. */
export interface MosaicOutputs {
  readonly labels: string;
  readonly overlay: string;
  readonly grains: string;
}

export interface DigitizedMosaic {
  readonly measurement: ImageMeasurement;
  readonly record: MosaicRecord;
  /** What the pipeline measured on the way, by name; see its own documentation. */
  readonly measured: Readonly<Record<string, number | string>>;
  /** Names within the folder. The overlay is reduced to at most 4096 px. */
  readonly outputs: MosaicOutputs & Readonly<Partial<Record<ExtraFile["key"], string>>>;
}

/**
 * Segments and measures a micrograph of any size by any method or a trained model, band by band in a bounded memory (but see
 * `exports`), and writes
 * `<stem>.labels.tif`, `<stem>.overlay.png` (reduced), `<stem>.grains.csv`, with a model `<stem>.uncertainty.tif`. The labels,
 * numbers and warnings are those that `digitizeImage` and `digitizeByModel` give for the whole image.
 *
 * Runs in a worker thread; files appear whole or not at all.
 *
 * @param file - PNG, JPEG, WebP or TIFF, 8 or 16 bits, grey or RGB
 * @throws FormatError, DomainError, DataError as `readMicrograph` and `digitizeImage` do; DomainError where regions
 *   should be exported of an image too large for it
 * @example
 * const { measurement } = await digitizeMosaic("mosaic.tif", { outDir: "out", pixelSizeUm: 0.2, method: "particles" });
 */
export async function digitizeMosaic(file: string, options: DigitizeMosaicOptions): Promise<DigitizedMosaic> {
  const { outDir, signal, bandPixels = BAND_PIXELS } = options;
  if (!(Number.isSafeInteger(bandPixels) && bandPixels >= 1)) {
    throw new DomainError(`digitizeMosaic: bandPixels must be a positive integer, got ${bandPixels}`);
  }
  const stem = basename(file, extname(file));
  const { labels, overlay, grains } = options.outputs ?? {
    labels: `${stem}.labels.tif`,
    overlay: `${stem}.overlay.png`,
    grains: `${stem}.grains.csv`,
  };
  const uncertainty = extraName(labels, "uncertainty.tif");
  // Named here, so that the signal handler of this thread removes them if the worker is stopped.
  const labelsTemporary = temporaryPathFor(join(outDir, labels));
  const uncertaintyTemporary = temporaryPathFor(join(outDir, uncertainty));
  const request: Omit<MosaicRequest, "tiles"> = {
    file,
    folder: outDir,
    labelsTemporary,
    uncertaintyTemporary,
    pixelSizeUm: options.pixelSizeUm,
    dataBar: options.dataBar,
    method: options.method ?? "auto",
    segment: options.segment,
    twins: options.twins,
    model: options.model,
    ignorePixelSize: options.otherPixelSize === "ignore",
    otherColour: options.otherColour,
    exports: options.exports ?? [],
    bandPixels,
  };
  const task = { module: MOSAIC_TASKS, name: "runMosaic" };
  try {
    const [result] = await withTaskProgress(options.model && options.onProgress, (progress) => {
      const tiles = { threads: options.threads ?? availableParallelism(), progress };
      return runTasks<MosaicRequest, MosaicResult>(task, [{ ...request, tiles }], { threads: 1, signal });
    });
    if (result === undefined) throw new Error(`no result for ${file}`);
    const { grainsCsv, overlayPng, exports, ...digitized } = result;
    const further: Partial<Record<ExtraFile["key"], string>> = {};
    await writeFileAtomic(join(outDir, overlay), overlayPng);
    await writeFileAtomic(join(outDir, grains), grainsCsv);
    for (const { key, ending, data } of exports) {
      further[key] = extraName(labels, ending);
      await writeFileAtomic(join(outDir, extraName(labels, ending)), data);
    }
    if (options.model !== undefined) {
      further.uncertainty = uncertainty;
      await commitTemporaryFile(uncertaintyTemporary, join(outDir, uncertainty));
    }
    await commitTemporaryFile(labelsTemporary, join(outDir, labels));
    return { ...digitized, outputs: { labels, overlay, grains, ...further } };
  } catch (error) {
    await rm(labelsTemporary, { force: true });
    await rm(uncertaintyTemporary, { force: true });
    throw error;
  }
}

const BAND_PIXELS = 1 << 22;
