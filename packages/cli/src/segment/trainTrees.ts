import { createRandom, type LabelMap, type PixelLearner } from "@materiome/core";
import { createGradientBoostingClassifier, createRandomForestClassifier } from "@materiome/forward";
import { boundaryRegions, labelPixels, trainPixelClassifier } from "@materiome/microstructure/pixels";
import type { SegmentTrainOptions } from "../commands/segmentTrain.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";
import type { HeldOutImage } from "./heldOutScores.ts";
import { contentsOf } from "./learnedFrom.ts";
import { classicalRegions } from "./regionScores.ts";
import { colourOf, type TrainedModel, type TrainingPair } from "./trainedModel.ts";
import { trainingTarget } from "./trainingTarget.ts";

type TreeLearner = "forest" | "boosting";

/** What the learners take at most. */
const MOST_TREES: Readonly<Record<TreeLearner, number>> = { forest: 32_000, boosting: 10_000 };

/** What is asked of a learner here. */
type Fits = Pick<PixelLearner, "fit">;

/** @throws UsageError for more trees than the learner takes */
export function createTreeLearner(learner: TreeLearner, trees: number | undefined): Fits {
  if (trees !== undefined && trees > MOST_TREES[learner]) {
    throw new UsageError(`--trees must be at most ${MOST_TREES[learner]} with --learner ${learner}, got ${trees}`);
  }
  return learner === "boosting" ? boostPixels(trees ?? 300) : createRandomForestClassifier({ nTrees: trees ?? 100 });
}

/**
 * Boosting of pixels: a penalty and leaves of 40 pixels, as neighbours repeat each other; smaller ones where fewer than 2000
 * pixels are labelled, which else would not be split. Fewer than 300 rounds take longer steps: 0.06 is made for 300.
 */
function boostPixels(nRounds: number): Fits {
  const learningRate = Math.min(0.3, Math.max(0.06, 18 / nRounds));
  return {
    async fit(x, y, run) {
      const minSamplesLeaf = Math.max(1, Math.min(40, Math.floor(x.rows / 50)));
      return createGradientBoostingClassifier({ nRounds, learningRate, minSamplesLeaf, l2: 1 }).fit(x, y, run);
    },
  };
}

/** Trees on features of pixels; each image is predicted by a model that has not seen it. */
export async function trainTrees(
  pairs: readonly TrainingPair[],
  learner: Fits,
  options: SegmentTrainOptions,
  session: Session,
): Promise<TrainedModel> {
  const { classes } = trainingTarget(options);
  const lineClass = classes.find((name) => /boundar/i.test(name));
  const { classifier, nSampled, nLabelled, outOfFold } = await trainPixelClassifier(
    pairs.map(({ image, labels, file, group }) => ({ image, labels, name: file, group })),
    learner,
    {
      classes,
      normalise: options.normalise ?? "image",
      samplesPerImage: options.samples ?? 3000,
      isCrossPredicted: pairs.length > 1,
      ...(options.context ? { autoContext: lineClass === undefined ? {} : { lineClass } } : {}),
    },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  );
  const heldOut = (outOfFold ?? []).flatMap((probabilities, i): HeldOutImage[] => {
    const pair = pairs[i];
    if (pair === undefined) return [];
    const predicted: LabelMap = labelPixels(probabilities);
    const { file, grey, labels: truth, regions: trueRegions } = pair;
    const regions = trueRegions && {
      predicted: boundaryRegions(probabilities, { boundaryClass: 1 }),
      truth: trueRegions,
      classical: classicalRegions(grey, colourOf(pair), "grains"),
    };
    return [{ file, role: "fold", grey, predicted, truth, regions }];
  });
  const warnings =
    outOfFold === undefined
      ? ["one image: there is none to hold out, so the model has no score; label a second one"]
      : [];
  return {
    classifier,
    nSampled,
    nLabelled,
    heldOut,
    learnedFrom: await contentsOf(pairs),
    warnings,
    details: { featureCount: classifier.featureNames.length },
  };
}
