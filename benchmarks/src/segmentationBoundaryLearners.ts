import { createRandom, type PixelLearner, type Raster, type Serialized } from "@materiome/core";
import { createGradientBoostingClassifier, createRandomForestClassifier } from "@materiome/forward";
import {
  averageSegmenters,
  classifyPixels,
  type MicrographSegmenter,
  type PixelTraining,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "@materiome/microstructure/pixels";
import { bandLabels } from "./bandLabels.ts";
import type { SegmentationOptions } from "./segmentationPhases.ts";
import type { LabelledImage } from "./segmentationSets.ts";
import { trainUNet, type UNetTraining } from "./segmentationUNet.ts";

/** How boundaries were learned. */
export type BoundaryLearner =
  | {
      readonly type: "pixels";
      readonly learner: Serialized;
      /** Pixels drawn from each crop. */
      readonly samplesPerImage: number;
      readonly nFeatures: number;
    }
  | ({ readonly type: "unet" } & UNetTraining)
  | { readonly type: "average"; readonly members: readonly BoundaryLearner[] };

/** What learned from some crops, and other training crops as it predicts them. */
export interface LearnedBoundaries {
  readonly learner: BoundaryLearner;
  readonly classify: (image: Raster<Float32Array>) => Promise<Raster<Float32Array>>;
  readonly known: readonly { readonly crop: LabelledImage; readonly probabilities: Raster<Float32Array> }[];
  /** Of an average: each alone. */
  readonly members: readonly LearnedBoundaries[];
}

const CLASSES = ["grain", "boundary"];
const FEATURES: TrainPixelClassifierOptions["features"] = {
  scalesPx: [1, 2, 4],
  stepShapes: [
    { acrossPx: 1.2, alongPx: 3 },
    { acrossPx: 2, alongPx: 5, relativeToPx: [12, 24, 48] },
    { acrossPx: 3.5, alongPx: 7 },
  ],
  lineShapes: [{ acrossPx: 2, alongPx: 6 }],
  halfDiscsPx: [4, 8, 14],
  surroundingsPx: [16],
};
const NET = { filters: [16, 32, 64, 96, 128], patchPx: 128, batchSize: 4, epochs: 32, batches: 48, isDirected: false };

/**
 * Learns from the crops. Forest and boosting learn from all, and every crop is known as predicted by one that has not seen its group. A U-Net, and an
 * average of boosting and a U-Net, learn from all but one in `nFolds` groups, which choose the epoch and are the known ones.
 */
export function learnBoundaries(
  train: readonly LabelledImage[],
  groupOf: (crop: LabelledImage) => string,
  nFolds: number,
  options: SegmentationOptions,
): Promise<LearnedBoundaries> {
  if (options.learner !== "unet" && options.learner !== "average") {
    return crossPredictPixels(train, groupOf, nFolds, options);
  }
  const held = drawGroups([...new Set(train.map(groupOf))], nFolds, options.seed);
  const known = train.filter((crop) => held.has(groupOf(crop)));
  const rest = train.filter((crop) => !held.has(groupOf(crop)));
  return options.learner === "unet" ? learnNet(rest, known, options) : learnAverage(rest, known, options);
}

/** One in `nFolds` of the groups. */
function drawGroups(groups: readonly string[], nFolds: number, seed: number): ReadonlySet<string> {
  const draw = createRandom(seed).fork("held out");
  const shuffled = groups.map((group) => ({ group, at: draw.next() })).sort((a, b) => a.at - b.at);
  return new Set(shuffled.slice(0, Math.ceil(groups.length / nFolds)).map(({ group }) => group));
}

async function crossPredictPixels(
  train: readonly LabelledImage[],
  groupOf: (crop: LabelledImage) => string,
  nFolds: number,
  options: SegmentationOptions,
): Promise<LearnedBoundaries> {
  const { classifier, outOfFold = [] } = await trainPixels(train, options, {
    groups: train.map(groupOf),
    nFolds,
    isCrossPredicted: true,
  });
  return {
    learner: describePixels(classifier.featureNames.length, options),
    classify: (image) => classifyPixels(image, classifier, options),
    known: train.map((crop, k) => ({ crop, probabilities: outOfFold[k] as Raster<Float32Array> })), // one per image
    members: [],
  };
}

async function learnNet(
  rest: readonly LabelledImage[],
  known: readonly LabelledImage[],
  options: SegmentationOptions,
): Promise<LearnedBoundaries & { readonly model: MicrographSegmenter }> {
  const banded = (crops: readonly LabelledImage[]) =>
    crops.map(({ name, image, truth }) => ({ name, image, labels: bandLabels(truth) }));
  const settings = { ...NET, ...(options.epochs === undefined ? {} : { epochs: options.epochs }) };
  const { model, training } = await trainUNet(banded(rest), banded(known), CLASSES, settings, options);
  return { ...(await predicted(model, known, options)), learner: { type: "unet", ...training }, model, members: [] };
}

async function learnAverage(
  rest: readonly LabelledImage[],
  known: readonly LabelledImage[],
  options: SegmentationOptions,
): Promise<LearnedBoundaries> {
  const { classifier } = await trainPixels(rest, options, { nFolds: 2 }); // two folds are the fewest, and are not looked at
  const learner = describePixels(classifier.featureNames.length, options);
  const pixels = { ...(await predicted(classifier, known, options)), learner, members: [] };
  const net = await learnNet(rest, known, options);
  const members = [pixels, net];
  return {
    ...(await predicted(averageSegmenters([classifier, net.model]), known, options)),
    learner: { type: "average", members: members.map((member) => member.learner) },
    members,
  };
}

async function predicted(
  model: MicrographSegmenter,
  known: readonly LabelledImage[],
  { threads }: SegmentationOptions,
): Promise<Pick<LearnedBoundaries, "classify" | "known">> {
  const classify: LearnedBoundaries["classify"] = (image) => classifyPixels(image, model, { threads });
  const found: LearnedBoundaries["known"][number][] = [];
  for (const crop of known) found.push({ crop, probabilities: await classify(crop.image) });
  return { classify, known: found };
}

function trainPixels(
  train: readonly LabelledImage[],
  options: SegmentationOptions,
  { groups, ...folds }: Pick<TrainPixelClassifierOptions, "nFolds" | "isCrossPredicted"> & { groups?: string[] },
): Promise<PixelTraining> {
  return trainPixelClassifier(
    train.map((crop, k) => ({ ...crop, group: groups?.[k] ?? crop.name, labels: bandLabels(crop.truth) })),
    pixelLearner(options),
    { classes: CLASSES, samplesPerImage: samplesOf(options), features: FEATURES, priorExponent: 0, ...folds },
    { random: createRandom(options.seed), threads: options.threads },
  );
}

function pixelLearner({ learner, trees }: SegmentationOptions): PixelLearner {
  if (learner === "forest") {
    return createRandomForestClassifier({ nTrees: trees ?? 60, minSamplesLeaf: 3, maxFeatures: 0.2 });
  }
  const nRounds = trees ?? 400;
  return createGradientBoostingClassifier({ nRounds, learningRate: 0.06, minSamplesLeaf: 40, l2: 1, maxFeatures: 0.3 });
}

const describePixels = (nFeatures: number, options: SegmentationOptions): BoundaryLearner => ({
  ...{ type: "pixels", learner: pixelLearner(options).toJSON(), samplesPerImage: samplesOf(options), nFeatures },
});

const samplesOf = ({ samples = 6000 }: SegmentationOptions): number => samples;
