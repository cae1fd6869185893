import { resolve } from "node:path";
import { createRandom, IncompatibleError, type Raster } from "@materiome/core";
import { createUNetSegmenter, type UNetSegmenter } from "@materiome/forward/nets";
import {
  type HeldOutRegions,
  type ImageSplit,
  type InstanceTraining,
  type SegmenterTraining,
  separateRegions,
  trainInstances,
  trainSegmenter,
} from "@materiome/microstructure/patches";
import { boundaryRegions, classifyPixels } from "@materiome/microstructure/pixels";
import type { SegmentTrainOptions } from "../commands/segmentTrain.ts";
import { hashOf, openCheckpoint } from "../nets/checkpoint.ts";
import { chooseEdge, NET_DEFAULTS, refusePatch } from "../nets/netDefaults.ts";
import { isOutOfMemory, outOfMemory } from "../nets/outOfMemory.ts";
import { type PretrainedNet, readPretrainedNet } from "../nets/pretrainedNet.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";
import { augmentationOf } from "./augmentationOf.ts";
import { cropTo, type HeldOutImage } from "./heldOutScores.ts";
import { keepBest } from "./keepBest.ts";
import { contentsOf } from "./learnedFrom.ts";
import { classicalRegions, scoreRegions } from "./regionScores.ts";
import { colourOf, type TrainedModel, type TrainingPair } from "./trainedModel.ts";
import { trainingTarget } from "./trainingTarget.ts";

export interface NetSettings {
  readonly epochs: number;
  readonly learningRate: number;
  readonly filters: readonly number[];
  /** Undefined: by the images. */
  readonly patch: number | undefined;
  readonly normalise: "image" | "none";
  /** What training starts from. */
  readonly start?: PretrainedNet | undefined;
}

/**
 * @throws UsageError for values that make no net, or another than that it starts from
 * @throws FormatError or IncompatibleError for a model to start from that is none
 */
export async function netSettings(options: SegmentTrainOptions): Promise<NetSettings> {
  const start = options.pretrained === undefined ? undefined : await readPretrainedNet(options.pretrained);
  const { epochs = NET_DEFAULTS.epochs, filters = start?.net.filters ?? NET_DEFAULTS.filters, patch } = options;
  const { learningRate = NET_DEFAULTS.learningRate } = options;
  if (start !== undefined && filters.join() !== start.net.filters.join()) {
    throw new UsageError(
      `--filters ${filters.join()}: ${options.pretrained} has ${start.net.filters.join()}; leave --filters out`,
    );
  }
  const { normalise = start?.normalise ?? "image" } = options;
  if (start !== undefined && normalise !== start.normalise) {
    throw new UsageError(
      `--normalise ${normalise}: ${options.pretrained} was trained with ${start.normalise}; leave --normalise out`,
    );
  }
  if (options.augment !== undefined && options.augment.length > 1 && options.augment.includes("none")) {
    throw new UsageError(`--augment ${options.augment.join(" ")}: none and further steps contradict each other`);
  }
  refusePatch(patch, filters);
  return { epochs, learningRate, filters, patch, normalise, start };
}

/** Of one or two images a quarter of each is held out, and less is left to cut pieces from. */
function choosePatch(pairs: readonly TrainingPair[], filters: readonly number[], session: Session): number {
  const nGroups = new Set(pairs.map(({ group, file }) => group ?? file)).size;
  const share = nGroups < 3 ? 0.75 : 1;
  return chooseEdge(
    pairs.map(({ image }) => share * Math.min(image.width, image.height)),
    filters,
    session,
  );
}

/** As many as have all labelled pixels once, within limits. */
function batchesOf(pairs: readonly TrainingPair[], patch: number): number {
  const { batchSize, leastBatches, mostBatches } = NET_DEFAULTS;
  const labelled = pairs.reduce(
    (sum, { labels }) => sum + labels.data.reduce((n, label) => n + Math.sign(label), 0),
    0,
  );
  return Math.min(mostBatches, Math.max(leastBatches, Math.ceil(labelled / (batchSize * patch * patch))));
}

/** Of classes, or of regions too. */
type Training = Omit<SegmenterTraining<UNetSegmenter>, "heldOut"> &
  Partial<Pick<InstanceTraining<UNetSegmenter>, "depths">> & {
    readonly heldOut: readonly (SegmenterTraining<UNetSegmenter>["heldOut"][number] & Partial<HeldOutRegions>)[];
  };

/** A U-Net; whole images choose the epoch and are scored, where there are enough. */
export async function trainNet(
  pairs: readonly TrainingPair[],
  settings: NetSettings,
  options: SegmentTrainOptions,
  session: Session,
): Promise<TrainedModel> {
  const { out } = options;
  const { target, classes, regions: regionKind, hasDistance } = trainingTarget(options);
  const { epochs, learningRate, filters, normalise, start } = settings;
  const isGrey = pairs.every(({ image }) => image.channels === 1);
  const channels = isGrey ? 1 : 3;
  if (start !== undefined && start.net.channels !== channels) {
    const kind = (n: number): string => (n === 1 ? "grey" : "coloured");
    throw new IncompatibleError(
      `was trained on ${kind(start.net.channels)} images, these are ${kind(channels)}; convert them, or start from a net of ${kind(channels)} images`,
      { location: { file: options.pretrained ?? "" } },
    );
  }
  const patch = settings.patch ?? choosePatch(pairs, filters, session);
  const free = process.availableMemory();
  const augmentation = augmentationOf(options.augment ?? ["default"], isGrey);
  const held = {
    ...(options.validation === undefined ? {} : { validation: named("--validation", options.validation, pairs) }),
    ...(options.test === undefined ? {} : { test: named("--test", options.test, pairs) }),
  };
  const keeper = await openCheckpoint(
    `${out}.checkpoint.json`,
    "materiome/segment-train-checkpoint",
    {
      classes,
      ...(target === "classes" ? {} : { target }),
      epochs,
      learningRate,
      filters,
      patch,
      normalise,
      pretrained: options.pretrained === undefined ? "none" : await hashOf([options.pretrained]),
      augmentation,
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
  const forgotten =
    start === undefined || start.learnedFrom !== undefined
      ? []
      : [
          `${options.pretrained} does not say which images it has learned from, as it is of an earlier version: segment predict will not know them`,
        ];
  const diverged: string[] = [];
  const learner = keepBest(
    (changes) =>
      createUNetSegmenter({
        filters,
        epochs,
        learningRate,
        pretrained: start?.net,
        resume: keeper.start,
        onCheckpoint: keeper.keepAndTell(session, epochs),
        ...changes,
      }),
    ({ message }, { bestEpoch, curve }) =>
      diverged.push(`${message}. Training ended after ${curve.length} epochs; the model is that of epoch ${bestEpoch}`),
  );
  const run = {
    random: createRandom(session.seed),
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  };
  const settingsOf = {
    ...{ normalise, augmentation, ranges: start?.ranges },
    ...{ patchPx: patch, batchSize: NET_DEFAULTS.batchSize, batches: batchesOf(pairs, patch), ...held },
  };
  let training: Training;
  try {
    if (hasDistance && regionKind !== undefined) {
      training = await trainInstances(
        pairs.map(({ image, labels, regions = labels, file, group }) => ({
          image,
          labels: regions,
          name: file,
          group,
        })),
        learner,
        (predicted, truth) => scoreRegions([{ predicted, truth }])?.quality ?? 0,
        { ...settingsOf, kind: regionKind, classes: [classes[0] ?? "", classes[1] ?? ""] },
        run,
      );
    } else {
      training = await trainSegmenter(
        pairs.map(({ image, labels, file, group }) => ({ image, labels, name: file, group })),
        learner,
        { ...settingsOf, classes },
        run,
      );
    }
  } catch (error) {
    if (session.signal.aborted) {
      const epoch = await keeper.save();
      if (epoch > 0) session.note(`${epoch} of ${epochs} epochs are kept; the same command with --resume goes on`);
    }
    if (isOutOfMemory(error)) throw outOfMemory(error as Error, { filters, patch, channels }, session.threads, free);
    throw error;
  }
  const { classifier, segmenter, split, nLabelled, nTraining, heldOut } = training;
  /** Regions of a part of an image that was held out, and what is found without training. */
  const regionsOf = async (one: Training["heldOut"][number], pair: TrainingPair): Promise<HeldOutImage["regions"]> => {
    if (regionKind === undefined || pair.regions === undefined) return undefined;
    const crop = <T extends Float32Array | Uint32Array>(image: Raster<T>): Raster<T> => cropTo(image, one.region);
    const predicted =
      one.regions ??
      boundaryRegions(crop(await classifyPixels(pair.image, classifier, { threads: session.threads })), {
        boundaryClass: 1,
      });
    const colour = colourOf(pair);
    const classical = classicalRegions(crop(pair.grey), colour && crop(colour), regionKind);
    return { predicted, truth: separateRegions(crop(pair.regions), regionKind), classical };
  };
  const scored: HeldOutImage[] = [];
  for (const one of heldOut) {
    const pair = pairs[one.image];
    if (pair === undefined) continue;
    const { file, grey, labels: truth } = pair;
    const { role, region } = one;
    const regions = await regionsOf(one, pair);
    const isWhole = split.kind === "images" || role === "test";
    scored.push(
      isWhole
        ? { file, role, grey, predicted: one.labels, truth, regions }
        : {
            file,
            role,
            region,
            grey: cropTo(grey, region),
            predicted: one.labels,
            truth: cropTo(truth, region),
            regions,
          },
    );
  }
  const known = pairs.filter((_, k) => [...split.train, ...split.validation].some(({ image }) => image === k));
  const names = (part: readonly { readonly image: number }[]): string[] =>
    part.flatMap(({ image }) => pairs[image]?.file ?? []);
  return {
    classifier,
    nSampled: nTraining,
    nLabelled,
    heldOut: scored,
    learnedFrom: [...(start?.learnedFrom ?? []), ...(await contentsOf(known))],
    warnings: [...diverged, ...doubts(pairs, patch, split), ...forgotten],
    details: {
      filters,
      epochs: segmenter.learningCurve.length,
      ...(training.depths === undefined ? {} : { depth: classifier.instances?.depth, depths: training.depths }),
      split: {
        heldOut: split.kind,
        train: names(split.train),
        validation: names(split.validation),
        test: names(split.test),
      },
    },
    net: { learningRate, bestEpoch: segmenter.bestEpoch, learningCurve: segmenter.learningCurve },
    finish: keeper.remove,
  };
}

function named(option: string, names: readonly string[], pairs: readonly TrainingPair[]): string[] {
  return names.map((name) => {
    const pair = pairs.find(({ file }) => resolve(file) === resolve(name));
    if (pair !== undefined) return pair.file;
    throw new UsageError(`${option} ${name}: is none of the micrographs given; name one of them, by its path`);
  });
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
