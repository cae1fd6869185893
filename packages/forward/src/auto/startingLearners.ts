import type { ElementAttentionOptions } from "../attention/createElementAttention.ts";
import type { Covariance } from "../gaussianProcess/covariance.ts";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import { createHurdle } from "../hurdle/createHurdle.ts";
import { createImputed } from "../imputed/createImputed.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { createLogarithmic } from "../logarithmic/createLogarithmic.ts";
import type { MlpEnsembleOptions } from "../mlp/createMlpEnsemble.ts";
import { createRanked } from "../ranked/createRanked.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";
import type { FamilyOptions } from "./families.ts";

// Learners with the settings that a search starts from.

/** Rows that tell the hyper-parameters well enough to predict by. */
const PROCESS_SEARCH_ROWS = 150;
/** Features above which all those made from one column share a length-scale. */
const MOST_LENGTH_SCALES = 60;
/** Iterations that settle a likelihood well enough to predict by. */
const PROCESS_ITERATIONS = 20;

/** An offset, and an effect of each group. */
const COMMON_TERMS: readonly Covariance[] = [{ kind: "constant", variance: 1, fixed: ["variance"] }, { kind: "group" }];

/** Small leaves that are shrunk, few columns a split, and rounds enough: what small tables want. */
export const BOOSTING = {
  learningRate: 0.06,
  maxLeaves: 12,
  minSamplesLeaf: 3,
  l2: 1,
  rowShare: 0.7,
  maxFeatures: 0.35,
  folds: 3,
  nRounds: 600,
  patience: 25,
} as const;

/** Boosting weighs many terms, and gains most by asking for two amounts at a time. */
export const BOOSTED_QUOTIENTS = { nQuotients: 6, addsSums: true } as const;

/** Settings that both kinds of nets take. */
export function netsOf({ level, criterion }: FamilyOptions): MlpEnsembleOptions & ElementAttentionOptions {
  return { level, loss: criterion, nMembers: 3, folds: 3, epochs: 60 };
}

function metricFor(nFeatures: number): "ard" | "source" {
  return nFeatures > MOST_LENGTH_SCALES ? "source" : "ard";
}

function process({ level }: FamilyOptions, terms: readonly Covariance[]): ForwardLearner {
  return createGaussianProcess({
    level,
    starts: 1,
    maxIterations: PROCESS_ITERATIONS,
    searchRows: PROCESS_SEARCH_ROWS,
    covariance: { kind: "sum", terms: [...terms, ...COMMON_TERMS] },
  });
}

export function extraTrees({ nTrees, level }: FamilyOptions): ForwardLearner {
  return createRandomForest({ nTrees, level, splitter: "random" });
}

export function hurdle(options: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  const { nTrees, level } = options;
  const statistic = statisticOf(options);
  const classifier = createRandomForestClassifier({ nTrees, splitter: "random" });
  return filled(options, createHurdle({ classifier, learner, statistic, level }));
}

export function smoothProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, process(options, [{ kind: "matern52", metric: metricFor(nFeatures) }, { kind: "linear" }]));
}

/**
 * Goes back to the mean far from the training rows. A linear trend of a logarithm goes on by powers of ten there: one alloy unlike all
 * others was predicted a thousand times too strong.
 */
export function boundedProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, process(options, [{ kind: "matern52", metric: metricFor(nFeatures) }]));
}

export function rankedProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, createRanked(process(options, [{ kind: "matern12", metric: metricFor(nFeatures) }])));
}

export function logarithmic(options: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  return createLogarithmic(learner, { statistic: statisticOf(options) });
}

/** What has the least mean of the costs that are compared. */
function statisticOf({ criterion }: FamilyOptions): "mean" | "median" {
  return criterion === "absolute" ? "median" : "mean";
}

export function filled({ hasGaps }: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  return hasGaps ? createImputed(learner) : learner;
}
