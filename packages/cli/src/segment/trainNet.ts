import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { createRandom, DataError, IncompatibleError, isMateriomeError, writeFileAtomic } from "@materiome/core";
import { createUNetSegmenter, type TrainingCheckpoint, type UNetSegmenter } from "@materiome/forward/nets";
import { loadClassifier } from "@materiome/microstructure";
import {
  type Augmentation,
  type ImageSplit,
  type SegmenterTraining,
  trainSegmenter,
} from "@materiome/microstructure/patches";
import type { TrainedSegmenter } from "@materiome/microstructure/pixels";
import type { SegmentTrainOptions } from "../commands/segmentTrain.ts";
import { readJsonFile } from "../input/readJsonFile.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";
import { cropTo, type HeldOutImage } from "./heldOutScores.ts";
import { keepBest } from "./keepBest.ts";
import type { TrainedModel, TrainingPair } from "./trainedModel.ts";

export interface NetSettings {
  readonly epochs: number;
  readonly filters: readonly number[];
  readonly patch: number;
  readonly normalise: "image" | "none";
  /** What training starts from. */
  readonly start?: { readonly classifier: TrainedSegmenter; readonly net: UNetSegmenter } | undefined;
}

/**
 * @throws UsageError for values that make no net, or another than that it starts from
 * @throws FormatError or IncompatibleError for a model to start from that is none
 */
export async function netSettings(options: SegmentTrainOptions): Promise<NetSettings> {
  const start = options.pretrained === undefined ? undefined : await readPretrained(options.pretrained);
  const { epochs = 30, filters = start?.net.filters ?? [16, 32, 64], patch = 64 } = options;
  if (start !== undefined && filters.join() !== start.net.filters.join()) {
    throw new UsageError(
      `--filters ${filters.join()}: ${options.pretrained} has ${start.net.filters.join()}; leave --filters out`,
    );
  }
  const { normalise = start?.classifier.normalise ?? "image" } = options;
  if (start !== undefined && normalise !== start.classifier.normalise) {
    throw new UsageError(
      `--normalise ${normalise}: ${options.pretrained} was trained with ${start.classifier.normalise}; leave --normalise out`,
    );
  }
  if (options.augment !== undefined && options.augment.length > 1 && options.augment.includes("none")) {
    throw new UsageError(`--augment ${options.augment.join(" ")}: none and further steps contradict each other`);
  }
  const coarsest = 2 ** (filters.length - 1);
  if (patch % coarsest !== 0) {
    throw new UsageError(
      `--patch ${patch}: with ${filters.length} numbers in --filters it must be a multiple of ${coarsest}, for example ${coarsest * Math.ceil(patch / coarsest)}`,
    );
  }
  return { epochs, filters, patch, normalise, start };
}

/** A net of `segment train`, and how images are prepared for it. */
async function readPretrained(path: string): Promise<NonNullable<NetSettings["start"]>> {
  const classifier = await loadClassifier({ path, readerModule: import.meta.resolve("@materiome/forward") });
  const { segmenter, ranges } = classifier as Partial<TrainedSegmenter>;
  if (segmenter === undefined || ranges === undefined || !("filters" in segmenter)) {
    throw new IncompatibleError("holds no U-Net to start from; give a model of --learner unet", {
      location: { file: path },
    });
  }
  return { classifier: classifier as TrainedSegmenter, net: segmenter as UNetSegmenter };
}

/** A U-Net; whole images choose the epoch and are scored, where there are enough. */
export async function trainNet(
  pairs: readonly TrainingPair[],
  settings: NetSettings,
  options: SegmentTrainOptions,
  session: Session,
): Promise<TrainedModel> {
  const { classes, out } = options;
  const { epochs, filters, patch, normalise, start } = settings;
  const augmentation =
    options.augment === undefined
      ? undefined
      : (Object.fromEntries(
          options.augment.filter((step) => step !== "none").map((step) => [step, {}]),
        ) as Augmentation);
  const held = {
    ...(options.validation === undefined ? {} : { validation: named("--validation", options.validation, pairs) }),
    ...(options.test === undefined ? {} : { test: named("--test", options.test, pairs) }),
  };
  const keeper = await openCheckpoint(
    `${out}.checkpoint.json`,
    {
      classes,
      epochs,
      filters,
      patch,
      normalise,
      pretrained: options.pretrained === undefined ? "none" : await hashOf([options.pretrained]),
      augmentation: augmentation ?? "default",
      ...held,
      ...(options.dataBar === "keep" ? { dataBar: "keep" } : {}),
      seed: session.seed,
      images: await hashOf(pairs.map(({ file }) => file)),
      labels: await hashOf(pairs.map(({ labelFile }) => labelFile)),
      pixelSize: options.pixelSize ?? "as in the files",
    },
    options.resume ?? false,
  );
  if (keeper.start !== undefined) session.note(`goes on after epoch ${keeper.start.curve.length} of ${epochs}`);
  const diverged: string[] = [];
  const learner = keepBest(
    (changes) =>
      createUNetSegmenter({
        filters,
        epochs,
        pretrained: start?.net,
        resume: keeper.start,
        onCheckpoint: keeper.keep,
        ...changes,
      }),
    ({ message }, { bestEpoch, curve }) =>
      diverged.push(`${message}. Training ended after ${curve.length} epochs; the model is that of epoch ${bestEpoch}`),
  );
  let training: SegmenterTraining<UNetSegmenter>;
  try {
    training = await trainSegmenter(
      pairs.map(({ image, labels, file, group }) => ({ image, labels, name: file, group })),
      learner,
      { classes, normalise, patchPx: patch, augmentation, ranges: start?.classifier.ranges, ...held },
      {
        random: createRandom(session.seed),
        threads: session.threads,
        signal: session.signal,
        onProgress: session.onProgress,
      },
    );
  } catch (error) {
    if (session.signal.aborted) {
      const epoch = await keeper.save();
      if (epoch > 0) session.note(`${epoch} of ${epochs} epochs are kept; the same command with --resume goes on`);
    }
    if (isOutOfMemory(error)) {
      throw new DataError(
        `ran out of memory (${(error as Error).message}); use a smaller --patch or fewer --filters, or --threads 1: each thread holds two patches and all that lies between input and output`,
        { cause: error },
      );
    }
    throw error;
  }
  const { classifier, segmenter, split, nLabelled, nTraining, heldOut } = training;
  const names = (part: readonly { readonly image: number }[]): string[] =>
    part.flatMap(({ image }) => pairs[image]?.file ?? []);
  return {
    classifier,
    nSampled: nTraining,
    nLabelled,
    heldOut: heldOut.flatMap(({ image, region, role, labels }): HeldOutImage[] => {
      const pair = pairs[image];
      if (pair === undefined) return [];
      const { file, grey, labels: truth } = pair;
      if (split.kind === "images" || role === "test") return [{ file, role, grey, predicted: labels, truth }];
      return [{ file, role, region, grey: cropTo(grey, region), predicted: labels, truth: cropTo(truth, region) }];
    }),
    warnings: [...diverged, ...doubts(pairs, patch, split)],
    details: {
      filters,
      epochs: segmenter.learningCurve.length,
      bestEpoch: segmenter.bestEpoch,
      split: {
        heldOut: split.kind,
        train: names(split.train),
        validation: names(split.validation),
        test: names(split.test),
      },
    },
    learningCurve: segmenter.learningCurve,
    finish: keeper.remove,
  };
}

/** What JavaScript, WebAssembly and its backend say where memory cannot grow. */
function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error) || isMateriomeError(error)) return false;
  return /out of memory|\(OOM\)|allocation failed|could not allocate|enlarge memory|array length/i.test(error.message);
}

function named(option: string, names: readonly string[], pairs: readonly TrainingPair[]): string[] {
  return names.map((name) => {
    const pair = pairs.find(({ file }) => resolve(file) === resolve(name));
    if (pair !== undefined) return pair.file;
    throw new UsageError(`${option} ${name}: is none of the micrographs given; name one of them, by its path`);
  });
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(
      createHash("sha256")
        .update(await readFile(file))
        .digest(),
    );
  return hash.digest("hex");
}

function doubts(pairs: readonly TrainingPair[], patch: number, { kind, test }: ImageSplit): string[] {
  const found: string[] = [];
  if (kind === "bands") {
    found.push(
      `a quarter of each image chose the epoch; its scores are those of images that the net knows${test.length === 0 ? ", and nothing tells how well it segments another image" : ""}: label three or more images`,
    );
  } else if (test.length === 0) {
    found.push(
      "no image is left to score: those that chose the epoch give scores a little too good; name some with --test",
    );
  }
  const small = pairs.filter(({ image }) => image.width < patch || image.height < patch);
  if (small.length > 0) {
    found.push(
      `${small.length === 1 ? `${small[0]?.file} is` : `${small.length} images are`} smaller than a patch of ${patch} px: beyond the border the image goes on mirrored, without labels; a smaller --patch wastes less`,
    );
  }
  return found;
}

interface CheckpointKeeper {
  readonly start: TrainingCheckpoint | undefined;
  keep(checkpoint: TrainingCheckpoint): void;
  /** Writes the last one; returns the epochs done, 0 where there is none. */
  save(): Promise<number>;
  remove(): Promise<void>;
}

/** Beside the model, until that is written: the last epoch when stopped, and once a minute, as power may fail. */
async function openCheckpoint(
  path: string,
  settings: Readonly<Record<string, unknown>>,
  isResumed: boolean,
): Promise<CheckpointKeeper> {
  const start = isResumed ? await readCheckpoint(path, settings) : undefined;
  let last = start;
  let written = performance.now();
  let writing: Promise<unknown> = Promise.resolve();
  const write = (checkpoint: TrainingCheckpoint): Promise<unknown> => {
    written = performance.now();
    const text = JSON.stringify({ type: TYPE, version: 1, settings, checkpoint });
    writing = writing.then(() => writeFileAtomic(path, text));
    return writing;
  };
  return {
    start,
    keep(checkpoint) {
      last = checkpoint;
      // A full disk is told of where the model is written.
      if (performance.now() - written > 60_000) write(checkpoint).catch(() => undefined);
    },
    async save() {
      if (last === undefined) return 0;
      await write(last);
      return last.curve.length;
    },
    async remove() {
      await writing.catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

const TYPE = "materiome/segment-train-checkpoint";

async function readCheckpoint(path: string, settings: Readonly<Record<string, unknown>>): Promise<TrainingCheckpoint> {
  const stored = (await readJsonFile(path)) as {
    readonly type?: unknown;
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly checkpoint?: TrainingCheckpoint;
  };
  if (stored?.type !== TYPE || stored.settings === undefined || stored.checkpoint === undefined) {
    throw new DataError("is no training that was stopped; train without --resume", { location: { file: path } });
  }
  const { settings: earlier, checkpoint } = stored;
  const other = [...new Set([...Object.keys(settings), ...Object.keys(earlier)])].filter(
    (name) => JSON.stringify(settings[name]) !== JSON.stringify(earlier[name]),
  );
  if (other.length === 0) return checkpoint;
  throw new DataError(
    `was stopped with other ${other.join(", ")}; give the same command with --resume, or train without it`,
    { location: { file: path } },
  );
}
