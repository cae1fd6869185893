import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createRandomForestClassifier } from "@materiome/forward";
import { writeOverlayPng } from "@materiome/microstructure";
import { type ClassScores, classScores, shiftLabels } from "@materiome/microstructure/compare";
import {
  classifyPixels,
  labelPixels,
  resampleRaster,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "@materiome/microstructure/pixels";
import { mean } from "./averages.ts";
import { type LabelledImage, readOxide, readSuperalloy, type SplitName } from "./segmentationSets.ts";
import {
  type LabelledPixels,
  trainUNet,
  type UNetRun,
  type UNetSettings,
  type UNetTraining,
} from "./segmentationUNet.ts";

export type PixelLearnerName = "forest" | "boosting";

export interface SegmentationOptions {
  readonly data: string;
  readonly learner: PixelLearnerName | "unet" | "average";
  readonly trees?: number;
  readonly samples?: number;
  readonly folds?: number;
  readonly epochs?: number;
  readonly without?: UNetRun["without"];
  readonly isPretrained?: boolean;
  readonly threads: number;
  readonly seed: number;
  readonly overlays?: string | undefined;
}

export interface PhaseScore extends SplitScore {
  readonly case: "phases";
  readonly set: string;
  readonly split: SplitName;
  readonly nTrain: number;
  readonly learner:
    | { readonly type: "forest"; readonly nTrees: number; readonly nFeatures: number }
    | ({ readonly type: "unet" } & UNetTraining);
  readonly trainingSeconds: number;
  readonly seed: number;
  /** The same of the truth shifted by one pixel, to the right and down, averaged: how precise labels are. */
  readonly shifted: Score;
  /** On the validation images; null where these are what was asked for. */
  readonly validation: SplitScore | null;
}

interface Score {
  /** Mean over images of the micro IoU over one-hot classes, background included. */
  readonly microIou: number;
  /** Mean over the images that hold the class. */
  readonly byClass: readonly { readonly name: string; readonly iou: number | null }[];
}

interface SplitScore extends Score {
  readonly images: readonly { readonly name: string; readonly microIou: number }[];
}

interface PhaseSet {
  readonly classes: readonly string[];
  readonly read: (data: string, split: SplitName) => Promise<LabelledImage[]>;
  /** Images of the kind whose labels are not looked at: training images of the larger set. */
  readonly unlabelled: (data: string) => Promise<LabelledImage[]>;
  readonly trees: number;
  readonly samples: number;
  /** Images are learned and classified this many times smaller; probabilities are brought back to full size. */
  readonly shrink: number;
  readonly options: Omit<TrainPixelClassifierOptions, "classes">;
  readonly unet: UNetSettings;
}

const PRECIPITATES: Omit<TrainPixelClassifierOptions, "classes"> = {
  normalise: "image",
  autoContext: { surroundingsPx: [8, 16, 32] },
  features: { scalesPx: [1, 2, 4, 8], lineShapes: [{ acrossPx: 1.5, alongPx: 4 }], surroundingsPx: [12, 24, 48] },
};

const PRECIPITATE_NET: UNetSettings = {
  filters: [12, 24, 48, 64, 96],
  patchPx: 128,
  batchSize: 4,
  epochs: 14,
  batches: 40,
  isDirected: false,
};

const superalloy = (name: string, samples: number, unet: UNetSettings = PRECIPITATE_NET): PhaseSet => ({
  classes: ["matrix", "secondary", "tertiary"],
  read: (data, split) => readSuperalloy(data, name, split),
  unlabelled: (data) => readSuperalloy(data, "Super1", "train"),
  trees: 60,
  samples,
  shrink: 1,
  options: PRECIPITATES,
  unet,
});

const OXIDE_NET: UNetSettings = {
  filters: [12, 24, 48, 64, 96],
  patchPx: 256,
  batchSize: 2,
  epochs: 48,
  batches: 20,
  isDirected: true,
};

const oxide = (name: string, unet: UNetSettings = OXIDE_NET): PhaseSet => ({
  classes: ["rest", "oxide"],
  read: (data, split) => readOxide(data, name, split),
  unlabelled: (data) => readOxide(data, "EBC1", "train"),
  trees: 60,
  samples: 4000,
  shrink: 4,
  options: {
    normalise: "image",
    autoContext: { surroundingsPx: [6, 16, 32] },
    features: { scalesPx: [0.7, 1.5, 3], lineShapes: [], surroundingsPx: [6, 16, 32, 56], isDirected: true },
  },
  unet,
});

export const PHASE_SETS: Readonly<Record<string, PhaseSet>> = {
  super1: superalloy("Super1", 3000),
  super2: superalloy("Super2", 6000),
  super3: superalloy("Super3", 12_000),
  super4: superalloy("Super4", 6000, { ...PRECIPITATE_NET, isVaried: true }),
  ebc1: oxide("EBC1"),
  ebc2: oxide("EBC2", { ...OXIDE_NET, epochs: 24, isVaried: true }),
};

/** The image with a pixel size, in pixels of the original: it tells the classifier what to resample. */
const sized = (image: Raster<Float32Array>, pixelSizeUm: number): Raster<Float32Array> => ({ ...image, pixelSizeUm });

/** Class numbers of every `shrink`-th pixel, in the middle of its block. */
function smallLabels({ data, width, height }: LabelMap, shrink: number): LabelMap {
  const [w, h] = [width / shrink, height / shrink];
  const middle = Math.floor(shrink / 2);
  const labels = Uint32Array.from({ length: w * h }, (_, i) => {
    const x = (i % w) * shrink + middle;
    const y = Math.floor(i / w) * shrink + middle;
    return data[y * width + x] as number; // within the map
  });
  return createRaster(labels, w, h);
}

function shrunken({ name, image, truth }: LabelledImage, shrink: number): LabelledImage {
  return {
    name,
    image: sized(resampleRaster(image, image.width / shrink, image.height / shrink), shrink),
    truth: smallLabels(truth, shrink),
  };
}

/** Class numbers from 1. */
function numbered({ name, image, truth }: LabelledImage): LabelledPixels {
  return { name, image, labels: { ...truth, data: truth.data.map((code) => code + 1) } };
}

interface Trained {
  readonly learner: PhaseScore["learner"];
  /** Class numbers from 1 of an image of full size. */
  readonly label: (image: Raster<Float32Array>) => Promise<LabelMap>;
}

async function trainForest(
  chosen: PhaseSet,
  train: readonly LabelledImage[],
  options: SegmentationOptions,
): Promise<Trained> {
  const { classes, shrink } = chosen;
  const images = train.map((one) => numbered(shrunken(one, shrink)));
  const nTrees = options.trees ?? chosen.trees;
  const learner = createRandomForestClassifier({ nTrees, minSamplesLeaf: 2, maxFeatures: 0.2 });
  const run = { random: createRandom(options.seed), threads: options.threads };
  const training = { ...chosen.options, classes, samplesPerImage: options.samples ?? chosen.samples };
  const { classifier } = await trainPixelClassifier(images, learner, training, run);
  return {
    learner: { type: "forest", nTrees, nFeatures: classifier.featureNames.length },
    label: async (image) =>
      labelPixels(
        await classifyPixels(sized(image, 1), classifier, { threads: options.threads, otherPixelSize: "rescale" }),
      ),
  };
}

async function trainNet(
  chosen: PhaseSet,
  train: readonly LabelledImage[],
  options: SegmentationOptions,
): Promise<Trained> {
  const { classes, shrink } = chosen;
  const settings = { ...chosen.unet, ...(options.epochs === undefined ? {} : { epochs: options.epochs }) };
  const small = (all: readonly LabelledImage[]): LabelledImage[] => all.map((one) => shrunken(one, shrink));
  const validation = await chosen.read(options.data, "val");
  const unlabelled = options.isPretrained
    ? small(await chosen.unlabelled(options.data)).map(({ image }) => image)
    : undefined;
  const { classify, training } = await trainUNet(
    small(train).map(numbered),
    small(validation).map(numbered),
    classes,
    settings,
    { ...options, unlabelled },
  );
  return {
    learner: { type: "unet", ...training },
    async label(image) {
      const probabilities = await classify(
        sized(resampleRaster(image, image.width / shrink, image.height / shrink), shrink),
      );
      return labelPixels(resampleRaster(probabilities, image.width, image.height));
    },
  };
}

export async function benchmarkPhases(
  set: string,
  split: SplitName,
  options: SegmentationOptions,
): Promise<PhaseScore> {
  const chosen = PHASE_SETS[set] as PhaseSet; // the caller looked
  const { classes } = chosen;
  const train = await chosen.read(options.data, "train");
  const started = performance.now();
  const { learner, label } = await (options.learner === "unet" ? trainNet : trainForest)(chosen, train, options);
  const trainingSeconds = (performance.now() - started) / 1000;
  const scoreOf = async (images: readonly LabelledImage[], overlays?: string): Promise<SplitScore> => {
    const scores: ({ readonly name: string } & ClassScores)[] = [];
    for (const { name, image, truth } of images) {
      const labels = await label(image);
      const predicted = { ...labels, data: labels.data.map((v) => v - 1) };
      scores.push({ name, ...classScores(predicted, truth, classes) });
      if (overlays === undefined) continue;
      await mkdir(overlays, { recursive: true });
      await writeOverlayPng(join(overlays, `${set}-${name}.png`), image, labels, { tint: 0.4 });
    }
    return {
      ...average(scores, classes),
      images: scores.map(({ name, microIou }) => ({ name, microIou })),
    };
  };
  const asked = await chosen.read(options.data, split);
  const score = await scoreOf(asked, options.overlays);
  const shifts = asked.flatMap(({ truth }) => [
    classScores(shiftLabels(truth, 1, 0), truth, classes),
    classScores(shiftLabels(truth, 0, 1), truth, classes),
  ]);
  return {
    case: "phases",
    set,
    split,
    nTrain: train.length,
    learner,
    trainingSeconds,
    seed: options.seed,
    ...score,
    shifted: average(shifts, classes),
    validation: split === "val" ? null : await scoreOf(await chosen.read(options.data, "val")),
  };
}

function average(all: readonly ClassScores[], classes: readonly string[]): Score {
  return {
    microIou: mean(all.map(({ microIou }) => microIou)),
    byClass: classes.map((name, c) => ({ name, iou: mean(all.flatMap(({ byClass }) => byClass[c]?.iou ?? [])) })),
  };
}
