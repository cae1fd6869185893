import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  type AbortLike,
  DataError,
  DomainError,
  isDiskFull,
  isMateriomeError,
  type Progress,
  runTasks,
  writeFileAtomic,
} from "@materiome/core";
import { type ExportFormat, type ExtraFile, extraName } from "../annotations/exportRegions.ts";
import { mixedPixelSizes } from "../image/mixedPixelSizes.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import { type PooledSpecimen, poolFields } from "../measure/poolFields.ts";
import { poolPhaseFields } from "../measure/poolPhaseFields.ts";
import { digitizeMosaic } from "../mosaic/digitizeMosaic.ts";
import type { DigitizeModel } from "../pixels/loadClassifier.ts";
import { pinModel } from "../pixels/pinModel.ts";
import type { DigitizeMethod } from "../segment/chooseMethod.ts";
import { openBatchJournal } from "./batchJournal.ts";
import { DIGITIZE_TASKS, type DigitizedFile, type DigitizeRequest } from "./digitizeFile.ts";
import type { DigitizeImageOptions } from "./digitizeImage.ts";
import { type DigitizedFiles, type ImageSummary, isGrainImage } from "./imageSummary.ts";
import { isLarge } from "./isLarge.ts";
import { makeFolder } from "./makeFolder.ts";
import { outputNames } from "./outputNames.ts";

export interface DigitizeBatchOptions {
  /** Made if missing. */
  readonly outDir: string;
  /** Edge of a pixel of every image, µm. @defaultValue what each file says */
  readonly pixelSizeUm?: number | undefined;
  /**
   * How regions are found. With `labels` it says what they are: "particles", "pores" and "layers" as named, anything else
   * grains. @defaultValue "auto"
   */
  readonly method?: DigitizeMethod | undefined;
  readonly segment?: DigitizeImageOptions["segment"];
  /** Whether a data bar that is surely one is cut off, or kept as part of the picture. @defaultValue "crop" */
  readonly dataBar?: "crop" | "keep" | undefined;
  /** Whether the parts of a twinned grain count as one grain. @defaultValue "keep": they count apart */
  readonly twins?: "keep" | "merge" | undefined;
  /**
   * Images of more pixels are worked on in bands, in a bounded memory; labels and numbers are the same. @defaultValue 30
   * million
   */
  readonly mostPixels?: number | undefined;
  /** Trained model to segment by, in place of a method: a pixel classifier or a net. */
  readonly model?: DigitizeModel | undefined;
  /** With a model: what is done with an image whose pixel size is not that of the training images. @defaultValue "refuse" */
  readonly otherPixelSize?: DigitizeRequest["otherPixelSize"];
  /** With a model: what is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: DigitizeRequest["otherColour"];
  /** Further formats to write the regions of each image in. @defaultValue none */
  readonly exports?: readonly ExportFormat[] | undefined;
  /** Specimen of each file, keyed by the path as given in `files`. @defaultValue none: nothing is pooled */
  readonly samples?: ReadonlyMap<string, string> | undefined;
  /** The files are corrected label images: measure, do not segment. @defaultValue false */
  readonly labels?: boolean | undefined;
  /** With `labels`: the micrograph under each label image, for the overlay. */
  readonly micrographs?: ReadonlyMap<string, string> | undefined;
  /**
   * Go on with a batch that was stopped in `outDir`: images whose file, settings and results are still the same are not
   * measured again. @defaultValue false
   */
  readonly resume?: boolean | undefined;
  /** @defaultValue all processors */
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface SkippedImage {
  readonly file: string;
  readonly reason: string;
}

/** `summary.json` of `digitize`, but for `versions` and `seed`, which the caller knows. */
export interface DigitizeSummary {
  readonly images: readonly ImageSummary[];
  readonly samples: readonly PooledSpecimen[];
  /** Specimens that could not be pooled, and why. */
  readonly unpooled: readonly { readonly specimen: string; readonly reason: string }[];
  /** Files, each once, that the map of samples does not name: measured but in no specimen. Empty without such a map. */
  readonly unassigned: readonly string[];
  readonly skipped: readonly SkippedImage[];
  /** What concerns the batch as a whole, as images of different pixel size. */
  readonly warnings: readonly string[];
  /** Images taken over from an earlier run of the batch. */
  readonly nResumed: number;
}

/**
 * Digitizes many images in worker threads: for each, writes `<stem>.labels.tif`, `<stem>.overlay.png` and
 * `<stem>.grains.csv` (see `outputNames` for equal stems), then pools the fields of each specimen.
 *
 * A journal in `outDir` keeps what is measured, one line an image, so that a batch that was stopped at any instant goes on
 * with `resume`. An image that cannot be read, segmented or measured does not stop the others: it is listed under `skipped` with the
 * reason. A full disk stops the batch; what was finished stays. Files appear whole or not at all, the labels of an image last.
 * Results are in the order of `files`
 * and do not depend on the number of threads; no random numbers are used.
 *
 * @throws DataError if there are no files, if `samples` names a file that is not among them, if the folder cannot be
 *   written, or where its disk is full
 * @throws FormatError if the model cannot be read
 * @throws DomainError for an unknown method or a pixel size out of range
 * @throws the reason of `signal`, when it is aborted
 * @example
 * const summary = await digitizeBatch(["a.tif", "b.tif"], { outDir: "out", pixelSizeUm: 0.5 });
 */
export async function digitizeBatch(files: readonly string[], asked: DigitizeBatchOptions): Promise<DigitizeSummary> {
  checkArguments(files, asked);
  const options = { ...asked, model: asked.model && (await pinModel(asked.model)) };
  const { outDir, signal } = options;
  await makeFolder(outDir);
  const names = outputNames(files, outDir);
  const outcomes = new Array<ImageSummary | SkippedImage>(files.length);
  const seen = new Set<string>();
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const journal = await openBatchJournal(outDir, settingsOf(options), options.resume ?? false);
  let next = 0;
  let done = 0;
  let nResumed = 0;
  const lane = async (): Promise<void> => {
    for (let k = next++; k < files.length; k = next++) {
      const file = files[k]!; // k < files.length
      if (seen.has(file)) outcomes[k] = { file, reason: "named twice; measured once" };
      else {
        seen.add(file);
        const known = await journal.recall(file);
        if (known !== undefined) nResumed++;
        const measured = known ?? (await digitizeOne(file, names[k]!, options, files.length === 1)); // as long as files
        if (known === undefined && !isSkipped(measured)) await journal.record(file, measured);
        outcomes[k] = isSkipped(measured) ? measured : inSpecimen(measured, options.samples);
      }
      done++;
      options.onProgress?.({ stage: "digitize", done, total: files.length });
    }
  };
  const stopping = async (): Promise<void> => {
    try {
      await lane();
    } catch (error) {
      next = files.length; // the other lanes finish what they have begun
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(threads, files.length) }, stopping));
  await journal.close();
  signal?.throwIfAborted();
  const failed = lanes.find((result) => result.status === "rejected");
  if (isDiskFull(failed?.reason)) throw diskFull(outDir, done, files.length, failed?.reason);
  if (failed !== undefined) throw failed.reason;
  const images = outcomes.filter((outcome): outcome is ImageSummary => !isSkipped(outcome));
  const mixed = mixedPixelSizes(images);
  const warnings = mixed === undefined ? [] : [mixed];
  const { samples } = options;
  const unassigned = samples === undefined ? [] : [...new Set(files)].filter((file) => !samples.has(file));
  return { images, ...pool(images), unassigned, skipped: outcomes.filter(isSkipped), warnings, nResumed };
}

function isSkipped(outcome: ImageSummary | SkippedImage): outcome is SkippedImage {
  return "reason" in outcome;
}

function diskFull(outDir: string, done: number, total: number, cause: unknown): DataError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new DataError(
    `the disk is full; the batch stopped after ${done} of ${total} images, whose results are kept; free space and go on with --resume (${said})`,
    { cause, location: { file: outDir } },
  );
}

/** What the results of an image depend on, besides its file; the map of samples only pools. */
function settingsOf(options: DigitizeBatchOptions): Record<string, unknown> {
  const { pixelSizeUm, method, segment, twins, dataBar, model, exports, labels, micrographs, mostPixels } = options;
  const under = micrographs === undefined || micrographs.size === 0 ? null : Object.fromEntries(micrographs);
  return {
    pixelSizeUm: pixelSizeUm ?? null,
    method: method ?? null,
    segment: segment ?? null,
    twins: twins ?? "keep",
    dataBar: dataBar ?? "crop",
    model: model?.sha256 ?? null,
    views: model?.views ?? null,
    otherPixelSize: options.otherPixelSize ?? "refuse",
    otherColour: options.otherColour ?? "refuse",
    exports: exports ?? [],
    labels: labels ?? false,
    mostPixels: mostPixels ?? MOST_PIXELS,
    under,
  };
}

function inSpecimen(image: ImageSummary, samples: DigitizeBatchOptions["samples"]): ImageSummary {
  if (samples === undefined) return image;
  const specimen = samples.get(image.file) ?? null;
  const missing = specimen === null ? ["the map of samples does not name this file: not pooled"] : [];
  return { ...image, specimen, warnings: [...missing, ...image.warnings] };
}

async function digitizeOne(
  file: string,
  outputs: DigitizedFiles,
  options: DigitizeBatchOptions,
  isAlone: boolean,
): Promise<ImageSummary | SkippedImage> {
  const { outDir, signal, labels: isLabels = false } = options;
  const request: DigitizeRequest = {
    file,
    pixelSizeUm: options.pixelSizeUm,
    method: options.method,
    segment: options.segment,
    twins: options.twins,
    dataBar: options.dataBar,
    model: options.model,
    otherPixelSize: options.otherPixelSize,
    otherColour: options.otherColour,
    exports: options.exports,
    kind: kindOf(options.method),
    micrograph: options.micrographs?.get(file),
  };
  if (!isLabels && (await isLarge(file, options.mostPixels ?? MOST_PIXELS))) {
    return oneAtATime(() => digitizeLargeFile(file, outputs, options, isAlone ? options.onProgress : undefined));
  }
  const task = { module: DIGITIZE_TASKS, name: isLabels ? "measureLabelFile" : "digitizeFile" };
  let result: DigitizedFile | undefined;
  try {
    [result] = await runTasks<DigitizeRequest, DigitizedFile>(task, [request], { threads: 1, signal });
  } catch (error) {
    return skipped(file, error, signal);
  }
  if (result === undefined) throw new Error(`no result for ${file}`);
  await writeFileAtomic(join(outDir, outputs.overlay), result.overlayPng);
  await writeFileAtomic(join(outDir, outputs.grains), result.grainsCsv);
  const named: Partial<Record<ExtraFile["key"], string>> = {};
  for (const { key, ending, data } of result.extras) {
    const name = extraName(outputs.labels, ending);
    await writeFileAtomic(join(outDir, name), data);
    named[key] = name;
  }
  // Last: fresh labels never stand beside missing tables.
  await writeFileAtomic(join(outDir, outputs.labels), result.labelsTiff);
  return { file, specimen: null, ...result.measurement, ...result.record, outputs: { ...outputs, ...named } };
}

let lastLarge: Promise<unknown> = Promise.resolve();

/** Mosaics run one after the other: each may take most of the memory that a batch is meant to stay below. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const mine = lastLarge.then(work, work);
  lastLarge = mine.catch(() => undefined);
  return mine;
}

/** Images of more pixels are worked on in bands. */
const MOST_PIXELS = 30_000_000;

async function digitizeLargeFile(
  file: string,
  outputs: DigitizedFiles,
  options: DigitizeBatchOptions,
  onProgress: DigitizeBatchOptions["onProgress"],
): Promise<ImageSummary | SkippedImage> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const { measurement, record, outputs: written } = await digitizeMosaic(file, { ...options, outputs, onProgress });
    return { file, specimen: null, ...measurement, ...record, outputs: written };
  } catch (error) {
    return skipped(file, error, signal);
  }
}

/** An image that cannot be read, segmented or measured does not stop the batch; a full disk would stop every other one too. */
function skipped(file: string, error: unknown, signal: AbortLike | undefined): SkippedImage {
  signal?.throwIfAborted();
  if (isMateriomeError(error) && !isDiskFull(error)) return { file, reason: error.message };
  throw error;
}

function kindOf(method: DigitizeMethod | undefined): ImageMeasurement["kind"] {
  return method === "particles" || method === "pores" || method === "layers" ? method : "grains";
}

function pool(images: readonly ImageSummary[]): Pick<DigitizeSummary, "samples" | "unpooled"> {
  const samples: PooledSpecimen[] = [];
  const unpooled: { specimen: string; reason: string }[] = [];
  const specimens = new Set(images.flatMap(({ specimen }) => (specimen === null ? [] : [specimen])));
  for (const specimen of specimens) {
    try {
      samples.push(
        poolSpecimen(
          specimen,
          images.filter((image) => image.specimen === specimen),
        ),
      );
    } catch (error) {
      if (!isMateriomeError(error)) throw error;
      unpooled.push({ specimen, reason: error.message });
    }
  }
  return { samples, unpooled };
}

function poolSpecimen(specimen: string, fields: readonly ImageSummary[]): PooledSpecimen {
  const kinds = [...new Set(fields.map(({ kind }) => kind))];
  if (kinds.length > 1) {
    throw new DataError(
      `the fields of specimen "${specimen}" show different things (${kinds.join(", ")}); name the method, so that all are measured alike`,
    );
  }
  const [pooled] = poolFields(fields.filter(isGrainImage).map((measurement) => ({ specimen, measurement })));
  return (
    pooled ??
    poolPhaseFields(
      specimen,
      fields.filter((field) => field.kind !== "grains"),
    )
  );
}

function checkArguments(files: readonly string[], options: DigitizeBatchOptions): void {
  if (files.length === 0) throw new DataError("digitizeBatch: there are no images; name at least one file");
  const method: string = options.method ?? "auto";
  if (!METHODS.includes(method)) {
    throw new DomainError(`digitizeBatch: unknown method "${method}"; known are ${METHODS.join(", ")}`);
  }
  const { pixelSizeUm } = options;
  if (pixelSizeUm !== undefined && !(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) {
    throw new DomainError(`digitizeBatch: pixelSizeUm must be a positive number of µm, got ${pixelSizeUm}`);
  }
  const strangers = [...(options.samples?.keys() ?? [])].filter((file) => !files.includes(file));
  if (strangers.length > 0) {
    throw new DataError(
      `digitizeBatch: the map of samples names ${strangers.length} file(s) that are not among the images, first "${strangers[0]}"; write the paths as they are given on the command line`,
    );
  }
}

const METHODS: readonly string[] = [
  "auto",
  "lines",
  "dark",
  "bright",
  "colour",
  "contrast",
  "particles",
  "pores",
  "layers",
] satisfies readonly DigitizeMethod[];
