import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createRandomForestClassifier } from "@materiome/forward";
import { writeOverlayPng } from "@materiome/microstructure";
import { classScores, shiftLabels } from "@materiome/microstructure/compare";
import {
  classifyPixels,
  labelPixels,
  resampleRaster,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "@materiome/microstructure/pixels";
import { mean } from "./averages.ts";
import { type LabelledImage, readOxide, readSuperalloy, type SplitName } from "./segmentationSets.ts";

export type PixelLearnerName = "forest" | "boosting";

export interface SegmentationOptions {
  readonly data: string;
  readonly learner: PixelLearnerName;
  readonly trees?: number;
  readonly samples?: number;
  readonly folds?: number;
  readonly threads: number;
  readonly seed: number;
  readonly overlays?: string | undefined;
}

export interface PhaseScore {
  readonly case: "phases";
  readonly set: string;
  readonly split: SplitName;
  readonly nTrain: number;
  readonly nTrees: number;
  readonly nFeatures: number;
  readonly seed: number;
  /** Mean over images of the micro IoU over one-hot classes, background included. */
  readonly microIou: number;
  /** Mean over the images that hold the class. */
  readonly byClass: readonly { readonly name: string; readonly iou: number | null }[];
  readonly images: readonly { readonly name: string; readonly microIou: number }[];
  /** The same of the truth shifted by one pixel, to the right and down, averaged: how precise labels are. */
  readonly shifted: Pick<PhaseScore, "microIou" | "byClass">;
}

interface PhaseSet {
  readonly classes: readonly string[];
  readonly read: (data: string, split: SplitName) => Promise<LabelledImage[]>;
  readonly trees: number;
  readonly samples: number;
  /** Images are learned and classified this many times smaller; probabilities are brought back to full size. */
  readonly shrink: number;
  readonly options: Omit<TrainPixelClassifierOptions, "classes">;
}

const SUPERALLOY = ["matrix", "secondary", "tertiary"];
const PRECIPITATES: Omit<TrainPixelClassifierOptions, "classes"> = {
  normalise: "image",
  autoContext: { surroundingsPx: [8, 16, 32] },
  features: { scalesPx: [1, 2, 4, 8], lineShapes: [{ acrossPx: 1.5, alongPx: 4 }], surroundingsPx: [12, 24, 48] },
};

export const PHASE_SETS: Readonly<Record<string, PhaseSet>> = {
  super1: {
    classes: SUPERALLOY,
    read: (data, split) => readSuperalloy(data, "Super1", split),
    trees: 60,
    samples: 3000,
    shrink: 1,
    options: PRECIPITATES,
  },
  super3: {
    classes: SUPERALLOY,
    read: (data, split) => readSuperalloy(data, "Super3", split),
    trees: 60,
    samples: 12_000,
    shrink: 1,
    options: PRECIPITATES,
  },
  ebc1: {
    classes: ["rest", "oxide"],
    read: (data, split) => readOxide(data, "EBC1", split),
    trees: 60,
    samples: 4000,
    shrink: 4,
    options: {
      normalise: "image",
      autoContext: { surroundingsPx: [6, 16, 32] },
      features: { scalesPx: [0.7, 1.5, 3], lineShapes: [], surroundingsPx: [6, 16, 32, 56], isDirected: true },
    },
  },
};

/** The image with a pixel size, in pixels of the original: it tells the classifier what to resample. */
const sized = (image: Raster<Float32Array>, pixelSizeUm: number): Raster<Float32Array> => ({ ...image, pixelSizeUm });

/** Class numbers from 1 of every `shrink`-th pixel, in the middle of its block. */
function smallLabels({ data, width, height }: LabelMap, shrink: number): LabelMap {
  const [w, h] = [width / shrink, height / shrink];
  const middle = Math.floor(shrink / 2);
  const labels = Uint32Array.from({ length: w * h }, (_, i) => {
    const x = (i % w) * shrink + middle;
    const y = Math.floor(i / w) * shrink + middle;
    return 1 + (data[y * width + x] as number); // within the map
  });
  return createRaster(labels, w, h);
}

export async function benchmarkPhases(
  set: string,
  split: SplitName,
  options: SegmentationOptions,
): Promise<PhaseScore> {
  const chosen = PHASE_SETS[set] as PhaseSet; // the caller looked
  const { classes } = chosen;
  const train = await chosen.read(options.data, "train");
  const { shrink } = chosen;
  const images = train.map(({ name, image, truth }) => ({
    name,
    image: sized(resampleRaster(image, image.width / shrink, image.height / shrink), shrink),
    labels: smallLabels(truth, shrink),
  }));
  const nTrees = options.trees ?? chosen.trees;
  const learner = createRandomForestClassifier({ nTrees, minSamplesLeaf: 2, maxFeatures: 0.2 });
  const run = { random: createRandom(options.seed), threads: options.threads };
  const training = { ...chosen.options, classes, samplesPerImage: options.samples ?? chosen.samples };
  const { classifier } = await trainPixelClassifier(images, learner, training, run);
  const scores = [];
  const shifts = [];
  for (const { name, image, truth } of await chosen.read(options.data, split)) {
    const labels = labelPixels(
      await classifyPixels(sized(image, 1), classifier, { threads: options.threads, otherPixelSize: "rescale" }),
    );
    const predicted = { ...labels, data: labels.data.map((v) => v - 1) };
    scores.push({ name, ...classScores(predicted, truth, classes) });
    shifts.push(
      classScores(shiftLabels(truth, 1, 0), truth, classes),
      classScores(shiftLabels(truth, 0, 1), truth, classes),
    );
    if (options.overlays !== undefined) {
      await mkdir(options.overlays, { recursive: true });
      await writeOverlayPng(join(options.overlays, `${set}-${name}.png`), image, labels, { tint: 0.4 });
    }
  }
  const summary = (all: readonly ReturnType<typeof classScores>[]): PhaseScore["shifted"] => ({
    microIou: mean(all.map(({ microIou }) => microIou)),
    byClass: classes.map((name, c) => ({ name, iou: mean(all.flatMap(({ byClass }) => byClass[c]?.iou ?? [])) })),
  });
  return {
    case: "phases",
    set,
    split,
    nTrain: train.length,
    nTrees,
    nFeatures: classifier.featureNames.length,
    seed: options.seed,
    ...summary(scores),
    images: scores.map(({ name, microIou }) => ({ name, microIou })),
    shifted: summary(shifts),
  };
}
