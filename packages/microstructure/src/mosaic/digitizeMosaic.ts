import { rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import {
  type AbortLike,
  commitTemporaryFile,
  DomainError,
  runTasks,
  temporaryPathFor,
  writeFileAtomic,
} from "@materiome/core";
import type { FieldMeasurement } from "../measure/measureField.ts";
import type { SegmentGrainsDiagnostics, SegmentGrainsOptions } from "../segment/segmentGrains.ts";
import { MOSAIC_TASKS, type MosaicRequest, type MosaicResult } from "./mosaicTask.ts";

export interface DigitizeMosaicOptions {
  /** Folder for the results and, while it runs, for about 30 bytes a pixel of scratch data; it must exist. */
  readonly outDir: string;
  /** Edge of a pixel, µm. @defaultValue what the file says */
  readonly pixelSizeUm?: number | undefined;
  readonly segment?: SegmentGrainsOptions | undefined;
  /** Names of the files within `outDir`. @defaultValue the stem of the picture and `.labels.tif`, `.overlay.png`, `.grains.csv` */
  readonly outputs?: MosaicOutputs | undefined;
  /** Pixels worked on at a time, which sets the memory: about 130 bytes each. @defaultValue 4 million */
  readonly bandPixels?: number | undefined;
  readonly signal?: AbortLike | undefined;
}

/** Names of the files written. */
export interface MosaicOutputs {
  readonly labels: string;
  readonly overlay: string;
  readonly grains: string;
}

export interface DigitizedMosaic {
  readonly measurement: FieldMeasurement;
  readonly diagnostics: SegmentGrainsDiagnostics;
  readonly calibrationSource: string | null;
  /** Names within the folder. The overlay is reduced to at most 4096 px. */
  readonly outputs: MosaicOutputs;
}

/**
 * Segments and measures a micrograph of any size, band by band in a bounded memory, and writes `<stem>.labels.tif`,
 * `<stem>.overlay.png` (reduced) and `<stem>.grains.csv`. The labels and numbers are those that `segmentGrains` and
 * `measureField` give for the whole image, but for the warnings that `digitizeImage` adds.
 *
 * Runs in a worker thread; files appear whole or not at all.
 *
 * @param file - PNG, JPEG, WebP or TIFF, 8 or 16 bits, grey or RGB (as luma)
 * @throws FormatError, DomainError, DataError as `readMicrograph`, `segmentGrains` and `measureField` do
 * @example
 * const { measurement } = await digitizeMosaic("mosaic.tif", { outDir: "out", pixelSizeUm: 0.2 });
 */
export async function digitizeMosaic(file: string, options: DigitizeMosaicOptions): Promise<DigitizedMosaic> {
  const { outDir, signal, bandPixels = BAND_PIXELS } = options;
  if (!(Number.isSafeInteger(bandPixels) && bandPixels >= 1)) {
    throw new DomainError(`digitizeMosaic: bandPixels must be a positive integer, got ${bandPixels}`);
  }
  const stem = basename(file, extname(file));
  const outputs = options.outputs ?? {
    labels: `${stem}.labels.tif`,
    overlay: `${stem}.overlay.png`,
    grains: `${stem}.grains.csv`,
  };
  const labelsPath = join(outDir, outputs.labels);
  // Named here, so that the signal handler of this thread removes it if the worker is stopped.
  const labelsTemporary = temporaryPathFor(labelsPath);
  const request: MosaicRequest = {
    file,
    folder: outDir,
    labelsTemporary,
    pixelSizeUm: options.pixelSizeUm,
    segment: options.segment,
    bandPixels,
  };
  const task = { module: MOSAIC_TASKS, name: "runMosaic" };
  try {
    const [result] = await runTasks<MosaicRequest, MosaicResult>(task, [request], { threads: 1, signal });
    if (result === undefined) throw new Error(`no result for ${file}`);
    const { grainsCsv, overlayPng, ...digitized } = result;
    await writeFileAtomic(join(outDir, outputs.overlay), overlayPng);
    await writeFileAtomic(join(outDir, outputs.grains), grainsCsv);
    await commitTemporaryFile(labelsTemporary, labelsPath);
    return { ...digitized, outputs };
  } catch (error) {
    await rm(labelsTemporary, { force: true });
    throw error;
  }
}

const BAND_PIXELS = 1 << 22;
