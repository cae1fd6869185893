import {
  type Conditionable,
  DomainError,
  type FeatureMatrix,
  type JointPosterior,
  type Learner,
  type LearnerCapability,
  type PosteriorGradient,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { assignFolds, type Sampling, scaleToMeanOne } from "./bag.ts";
import { bagCounts } from "./bagCounts.ts";
import { codeMatrix, shareCodes, shareNumbers } from "./codeMatrix.ts";
import { forestPredictor, outOfBagJackknife } from "./forestPredictor.ts";
import { growForest, treeRanges } from "./growForest.ts";
import { type GrowTreesInput, type GrowTreesOutput, growTrees, growTreesTask } from "./growTrees.ts";
import { joinTrees } from "./trees.ts";

export interface RandomForestOptions {
  /** @defaultValue 200 */
  readonly nTrees?: number | undefined;
  /** `best`: the best threshold of each column tried; `random`: one random threshold each (extra trees). @defaultValue "best" */
  readonly splitter?: "best" | "random" | undefined;
  /** Share of the columns tried at each split, above 0, at most 1. @defaultValue 1 */
  readonly maxFeatures?: number | undefined;
  /** Least number of rows in a leaf, repeats counted; with weights, least sum of weights scaled to mean 1. @defaultValue 1 */
  readonly minSamplesLeaf?: number | undefined;
  /** @defaultValue no limit */
  readonly maxDepth?: number | undefined;
  /**
   * Rows of a tree: `bootstrap` draws with replacement, `folds` leaves out one tenth in turn, `all` takes every row and
   * gives no intervals. Groups stay whole. @defaultValue "bootstrap" for the best, "folds" for the random splitter
   */
  readonly sampling?: Sampling | undefined;
  /**
   * What says how sure the mean is, row by row: `trees`, the spread among the trees; `infinitesimalJackknife`, the standard error of the
   * mean over all trees, with the correction for their number (needs `bootstrap`; many trees, such as 1000; keeps the bags in the model).
   * Either is calibrated on rows out of the bag. @defaultValue "trees"
   */
  readonly variance?: "trees" | "infinitesimalJackknife" | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/**
 * A fitted forest. Its trees are taken as draws of the function: joint posterior and draws are theirs, conditioning moves all of them as
 * an ensemble Kalman filter does ({@link updateMembers}), and gradients are 0, as trees are flat. So a forest serves as a surrogate in the search for
 * experiments, where the function has steps; a Gaussian process knows more between the points.
 */
export type RandomForestModel = ForwardModel & JointPosterior & PosteriorGradient & Conditionable<RandomForestModel>;

export type RandomForest = Learner<FeatureMatrix, Targets, RandomForestModel>;

/**
 * Random forest for regression, or extremely randomised trees: the mean of trees that minimise the squared error, each
 * on a sample of the rows (whole groups, where the targets name groups).
 *
 * Columns are cut into at most 255 quantile bins for the large nodes; nodes of up to 32 rows are split exactly. Missing
 * values go to the side that fits better. Intervals come from the predictions of each row by the trees that did not see
 * its group, scaled by the spread among the trees. One target; takes weights.
 *
 * @throws DomainError for options outside their range; from `fit` where growing needs more than 4 GiB (of a million rows about 460 columns where
 * all are tried, 1000 where some are, 1600 with random splits)
 * @see Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324
 * @see Geurts, Ernst & Wehenkel, Mach. Learn. 63, 3 (2006), doi:10.1007/s10994-006-6226-1
 * @see Wager, Hastie & Efron, J. Mach. Learn. Res. 15, 1625 (2014), arXiv:1311.4555 (infinitesimal jackknife)
 * @example
 * const forest = createRandomForest({ nTrees: 100 });
 * const model = await forest.fit(x, { kind: "regression", values: y, units: ["MPa"] }, { random: createRandom(1) });
 * const { mean, lower, upper } = await model.predict(x);
 */
export function createRandomForest(options: RandomForestOptions = {}): RandomForest {
  const settings = resolve(options);
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights", "missing"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<RandomForestModel> {
      return fitForest(settings, checkTraining("random forest", x, y, true), run);
    },
    toJSON(): Serialized {
      const { maxDepth, ...rest } = settings;
      return {
        type: "materiome/random-forest-learner",
        version: 1,
        params: { ...rest, maxDepth: Number.isFinite(maxDepth) ? maxDepth : null },
        state: null,
      };
    },
  };
}

type Settings = { readonly [K in keyof Required<RandomForestOptions>]: NonNullable<RandomForestOptions[K]> };

function resolve(options: RandomForestOptions): Settings {
  const { splitter = "best", maxDepth = Number.POSITIVE_INFINITY, maxFeatures = 1, level = 0.9 } = options;
  const { nTrees = 200, minSamplesLeaf = 1 } = options;
  const sampling = options.sampling ?? (splitter === "best" ? "bootstrap" : "folds");
  const { variance = "trees" } = options;
  const check = (name: string, value: unknown, isAllowed: boolean, expected: string): void => {
    if (!isAllowed) throw new DomainError(`createRandomForest: ${name} must be ${expected}, got ${String(value)}`);
  };
  check("nTrees", nTrees, Number.isInteger(nTrees) && nTrees >= 1, "a whole number of at least 1");
  check("splitter", splitter, splitter === "best" || splitter === "random", '"best" or "random"');
  check("maxFeatures", maxFeatures, maxFeatures > 0 && maxFeatures <= 1, "above 0 and at most 1");
  check("minSamplesLeaf", minSamplesLeaf, minSamplesLeaf >= 1, "at least 1");
  check("maxDepth", maxDepth, maxDepth >= 1, "at least 1");
  check("sampling", sampling, ["bootstrap", "folds", "all"].includes(sampling), '"bootstrap", "folds" or "all"');
  check(
    "variance",
    variance,
    ["trees", "infinitesimalJackknife"].includes(variance),
    '"trees" or "infinitesimalJackknife"',
  );
  if (variance === "infinitesimalJackknife" && sampling !== "bootstrap") {
    throw new DomainError(
      `createRandomForest: the infinitesimal jackknife is of bags drawn with replacement; give sampling "bootstrap", got "${sampling}"`,
    );
  }
  check("level", level, level > 0 && level < 1, "between 0 and 1");
  return { nTrees, splitter, maxFeatures, minSamplesLeaf, maxDepth, sampling, variance, level };
}

async function fitForest(settings: Settings, rows: TrainingSet, run: RunContext): Promise<RandomForestModel> {
  run.signal?.throwIfAborted();
  const { x, y, weights } = rows;
  const { nTrees, sampling } = settings;
  const n = x.rows;
  const offset = weightedMean(y, weights);
  const { foldOfGroup, nFolds } = assignFolds(rows.nGroups, run);
  const common: Omit<GrowTreesInput, "first" | "last"> = {
    data: codeMatrix(x),
    x: shareNumbers(x.data),
    y: shareNumbers(y.map((value) => value - offset)),
    weights: weights === undefined ? undefined : shareNumbers(scaleToMeanOne(weights)),
    groups: shareCodes(rows.groups),
    nGroups: rows.nGroups,
    foldOfGroup,
    nFolds,
    key: run.random.key,
    sampling,
    nTry: Math.max(1, Math.round(settings.maxFeatures * x.columns)),
    minSamplesLeaf: settings.minSamplesLeaf,
    maxDepth: settings.maxDepth,
    isRandomSplit: settings.splitter === "random",
  };
  const outputs = await growForest<GrowTreesInput, GrowTreesOutput>(
    growTrees,
    growTreesTask,
    treeRanges(nTrees).map((range) => ({ ...common, ...range })),
    n * x.columns * nTrees,
    run,
  );
  const trees = joinTrees(outputs.map((output) => output.trees));
  const bags = settings.variance === "infinitesimalJackknife" ? bagCounts(common, common.key, nTrees) : undefined;
  const predictor = forestPredictor(trees, offset, { bags });
  const outOfBag = sampling === "all" ? undefined : joinHeldOut(outputs, n, offset);
  const heldOut =
    outOfBag === undefined || bags === undefined
      ? outOfBag
      : { ...outOfBag, variance: outOfBagJackknife(trees, x, bags, rows.groups) };
  return createForwardModel({
    predictor,
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: heldOut === undefined ? undefined : calibrate(y, heldOut.mean, heldOut.variance),
    heldOut,
    report: null,
  }) as RandomForestModel; // its predictor is a forest
}

function joinHeldOut(outputs: readonly GrowTreesOutput[], n: number, offset: number): HeldOut {
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let count = 0;
    let sum = 0;
    let sumSquares = 0;
    for (const output of outputs) {
      count += output.heldOutCount[i] as number; // i < n
      sum += output.heldOutSum[i] as number;
      sumSquares += output.heldOutSumSquares[i] as number;
    }
    const centred = sum / count;
    mean[i] = centred + offset; // NaN where no tree left the row out
    variance[i] = Math.max(0, sumSquares / count - centred * centred);
  }
  return { mean, variance };
}

function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (const [i, value] of values.entries()) {
    const weight = weights === undefined ? 1 : (weights[i] as number); // same length
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}
