import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  type AbortLike,
  commitTemporaryFile,
  DataError,
  DomainError,
  isDiskFull,
  isMateriomeError,
  type Progress,
  runTasks,
  temporaryPathFor,
  writeFileAtomic,
} from "@materiome/core";
import { extraName } from "../annotations/exportRegions.ts";
import { renderClassOverlayPng } from "../image/classOverlay.ts";
import { withReadingNotes } from "../image/readingNotes.ts";
import { readMicrograph } from "../image/readMicrograph.ts";
import { encodeFloatTiff } from "../image/writeFloatTiff.ts";
import { encodeLabelTiff } from "../image/writeLabelTiff.ts";
import { renderOverlayPng } from "../image/writeOverlayPng.ts";
import {
  CLASSIFY_MOSAIC_TASKS,
  type ClassifiedMosaic,
  type ClassifyMosaicRequest,
} from "../mosaic/classifyMosaicTask.ts";
import type { PictureRecord } from "../mosaic/storedPicture.ts";
import { withTaskProgress } from "../mosaic/taskProgress.ts";
import { classifyInstances } from "../pixels/classifyInstances.ts";
import { type ClassifyPixelsOptions, classifyPixels, unknownScale } from "../pixels/classifyPixels.ts";
import { greyAsColour, imageForClassifier, type OtherColour } from "../pixels/imageForClassifier.ts";
import { labelPixels } from "../pixels/labelPixels.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import { pinModel } from "../pixels/pinModel.ts";
import { uncertaintyMap } from "../pixels/uncertaintyMap.ts";
import type { SkippedImage } from "./digitizeBatch.ts";
import { isLarge } from "./isLarge.ts";
import { makeFolder } from "./makeFolder.ts";
import { outputNames } from "./outputNames.ts";

export interface ClassifyBatchOptions {
  /** Made if missing. */
  readonly outDir: string;
  readonly model: DigitizeModel;
  /** Edge of a pixel of every image, µm. @defaultValue what each file says */
  readonly pixelSizeUm?: number | undefined;
  /** Whether a data bar that is surely one is cut off. @defaultValue "crop" */
  readonly dataBar?: "crop" | "keep" | undefined;
  /** What is done with an image whose pixel size is not that of the training images. @defaultValue "refuse" */
  readonly otherPixelSize?: ClassifyPixelsOptions["otherPixelSize"];
  /** What is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: OtherColour | undefined;
  /** Whether the probabilities of all classes are written too, for images that are worked on whole. @defaultValue false */
  readonly hasProbabilities?: boolean | undefined;
  /** Images of more pixels are worked on in bands, with the same result. @defaultValue 30 million */
  readonly mostPixels?: number | undefined;
  /** @defaultValue all processors */
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What was found in one image. */
export interface ClassifiedImage extends PictureRecord {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Null without calibration. */
  readonly pixelSizeUm: number | null;
  readonly classes: readonly { readonly name: string; readonly pixels: number; readonly fraction: number }[];
  /** Regions, of a model that tells them apart. */
  readonly nRegions?: number | undefined;
  /** Mean entropy of the probabilities, 0 certain … 1. */
  readonly meanUncertainty: number;
  readonly warnings: readonly string[];
  /** Names within the folder. */
  readonly outputs: ClassifiedFiles;
}

export interface ClassifiedFiles {
  /** Number of the class of each pixel, from 1; of a model that tells regions apart, that of its region, 0 the matrix around particles. */
  readonly labels: string;
  readonly overlay: string;
  readonly uncertainty: string;
  readonly probabilities?: string;
}

export interface ClassifiedBatch {
  readonly classes: readonly string[];
  readonly images: readonly ClassifiedImage[];
  readonly skipped: readonly SkippedImage[];
}

/**
 * Tells the class of every pixel of many images by a trained model, and writes for each `<stem>.labels.tif` (numbers of the classes, from 1:
 * what `trainPixelClassifier` and `trainSegmenter` take as labels once corrected), `<stem>.overlay.png` (classes in colours; the first stays
 * grey), `<stem>.uncertainty.tif` and, if asked, `<stem>.probabilities.tif`. A model that tells regions apart (`trainInstances`) gives labels with a
 * number for each region, and an overlay with their outlines.
 *
 * An image that cannot be read or does not fit the model does not stop the others: it is listed under `skipped` with the reason. Files appear
 * whole or not at all, the labels of an image last.
 *
 * @throws DataError if there are no files or the folder cannot be written; FormatError or IncompatibleError if the model cannot be read
 * @throws the reason of `signal`, when it is aborted
 * @example
 * const { images } = await classifyBatch(["a.tif"], { outDir: "out", model: { path: "net.model.json", readerModule } });
 */
export async function classifyBatch(files: readonly string[], asked: ClassifyBatchOptions): Promise<ClassifiedBatch> {
  if (files.length === 0) throw new DataError("classifyBatch: there are no images; name at least one file");
  const options = { ...asked, model: await pinModel(asked.model) };
  const classifier = await loadClassifier(options.model);
  await makeFolder(options.outDir);
  const names = outputNames(files, options.outDir);
  const images: ClassifiedImage[] = [];
  const skipped: SkippedImage[] = [];
  const seen = new Set<string>();
  for (const [k, file] of files.entries()) {
    options.signal?.throwIfAborted();
    const { labels, overlay } = names[k]!; // one per file
    const outputs = { labels, overlay, uncertainty: extraName(labels, "uncertainty.tif") };
    try {
      if (seen.has(file)) throw new DataError("named twice; segmented once");
      seen.add(file);
      const large = await isLarge(file, options.mostPixels ?? MOST_PIXELS);
      const classify = large ? classifyLarge : classifyWhole;
      images.push(await classify(file, outputs, classifier, { ...options, onProgress: progressOf(files, options) }));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!isMateriomeError(error) || isDiskFull(error)) throw error;
      skipped.push({ file, reason: error.message });
    }
    if (files.length > 1) options.onProgress?.({ stage: "segment", done: k + 1, total: files.length });
  }
  return { classes: classifier.classes, images, skipped };
}

/** Images of more pixels are worked on in bands. */
const MOST_PIXELS = 30_000_000;

/** Of one image its tiles are told of, of several the images. */
function progressOf(
  files: readonly string[],
  { onProgress }: ClassifyBatchOptions,
): ClassifyBatchOptions["onProgress"] {
  return files.length === 1 ? onProgress : undefined;
}

async function classifyWhole(
  file: string,
  outputs: ClassifiedFiles,
  classifier: MicrographSegmenter,
  options: ClassifyBatchOptions,
): Promise<ClassifiedImage> {
  const { outDir, otherPixelSize, threads, signal, onProgress } = options;
  const micrograph = await readMicrograph(file, { pixelSizeUm: options.pixelSizeUm, dataBar: options.dataBar });
  const { grey, calibration, dataBar, warnings } = micrograph;
  try {
    const { image, notes } = imageForClassifier(classifier, micrograph, options.otherColour, greyAsColour);
    const asked = { otherPixelSize, threads, signal, onProgress };
    const { instances } = classifier;
    const { probabilities, regions } =
      instances === undefined
        ? { probabilities: await classifyPixels(image, classifier, asked) }
        : await classifyInstances(image, classifier, asked);
    const labels = labelPixels(probabilities);
    const uncertainty = uncertaintyMap(probabilities);
    const overlay =
      regions === undefined
        ? await renderClassOverlayPng(grey, labels)
        : await renderOverlayPng(grey, regions, zerosOf(classifier));
    await writeFileAtomic(join(outDir, outputs.overlay), overlay);
    await writeFileAtomic(join(outDir, outputs.uncertainty), encodeFloatTiff(uncertainty));
    const more: { probabilities?: string } = {};
    if (options.hasProbabilities === true) {
      more.probabilities = extraName(outputs.labels, "probabilities.tif");
      const tiff = encodeFloatTiff(probabilities, { names: classifier.classes });
      await writeFileAtomic(join(outDir, more.probabilities), tiff);
    }
    await writeFileAtomic(join(outDir, outputs.labels), encodeLabelTiff(regions ?? labels));
    const counts = new Array<number>(classifier.classes.length).fill(0);
    for (const label of labels.data) counts[label - 1]! += 1; // from 1 to the number of classes
    return {
      file,
      width: grey.width,
      height: grey.height,
      pixelSizeUm: grey.pixelSizeUm ?? null,
      classes: sharesOf(classifier, counts),
      ...(regions === undefined ? {} : { nRegions: regions.data.reduce((most, label) => Math.max(most, label), 0) }),
      meanUncertainty: uncertainty.data.reduce((sum, value) => sum + value, 0) / uncertainty.data.length,
      calibrationSource: calibration?.source ?? null,
      magnification: calibration?.magnification ?? null,
      dataBar: dataBar === undefined ? null : { side: dataBar.side, rows: dataBar.rows, reason: dataBar.reason },
      warnings: [...warnings, ...notes, ...(otherPixelSize === "ignore" ? [] : unknownScale(image, classifier))],
      outputs: { ...outputs, ...more },
    };
  } catch (cause) {
    throw withReadingNotes(cause, warnings);
  }
}

async function classifyLarge(
  file: string,
  outputs: ClassifiedFiles,
  classifier: MicrographSegmenter,
  options: ClassifyBatchOptions,
): Promise<ClassifiedImage> {
  const { outDir, otherPixelSize, signal } = options;
  if (options.hasProbabilities === true) {
    throw new DomainError(
      `classifyBatch: images of more than ${(options.mostPixels ?? MOST_PIXELS) / 1e6} million pixels are worked on in bands, without keeping the probabilities of all classes; leave that out, or cut the image into parts`,
      { location: { file } },
    );
  }
  // Named here, so that the signal handler of this thread removes them if the worker is stopped.
  const labelsTemporary = temporaryPathFor(join(outDir, outputs.labels));
  const uncertaintyTemporary = temporaryPathFor(join(outDir, outputs.uncertainty));
  const request: Omit<ClassifyMosaicRequest, "progress"> = {
    file,
    folder: outDir,
    labelsTemporary,
    uncertaintyTemporary,
    pixelSizeUm: options.pixelSizeUm,
    dataBar: options.dataBar,
    model: options.model,
    ignorePixelSize: otherPixelSize === "ignore",
    otherColour: options.otherColour,
    bandPixels: BAND_PIXELS,
    threads: options.threads ?? availableParallelism(),
  };
  const task = { module: CLASSIFY_MOSAIC_TASKS, name: "runClassifyMosaic" };
  try {
    const [found] = await withTaskProgress(options.onProgress, (progress) =>
      runTasks<ClassifyMosaicRequest, ClassifiedMosaic>(task, [{ ...request, progress }], { threads: 1, signal }),
    );
    if (found === undefined) throw new Error(`no result for ${file}`);
    const { width, height, pixelSizeUm, counts, nRegions, meanUncertainty, overlayPng, record, warnings } = found;
    await writeFileAtomic(join(outDir, outputs.overlay), overlayPng);
    await commitTemporaryFile(uncertaintyTemporary, join(outDir, outputs.uncertainty));
    await commitTemporaryFile(labelsTemporary, join(outDir, outputs.labels));
    return {
      file,
      width,
      height,
      pixelSizeUm: pixelSizeUm ?? null,
      classes: sharesOf(classifier, counts),
      ...(nRegions === undefined ? {} : { nRegions }),
      meanUncertainty,
      ...record,
      warnings,
      outputs,
    };
  } catch (error) {
    await rm(labelsTemporary, { force: true });
    await rm(uncertaintyTemporary, { force: true });
    throw error;
  }
}

const BAND_PIXELS = 1 << 22;

function zerosOf({ instances }: MicrographSegmenter): { readonly zeros: "boundary" | "matrix" } {
  return { zeros: instances?.kind === "grains" ? "boundary" : "matrix" };
}

function sharesOf({ classes }: MicrographSegmenter, counts: readonly number[]): ClassifiedImage["classes"] {
  const total = counts.reduce((a, b) => a + b, 0);
  return classes.map((name, c) => ({ name, pixels: counts[c] ?? 0, fraction: (counts[c] ?? 0) / total }));
}
