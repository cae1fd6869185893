import type { Random } from "@materiome/core";
import { createElementAttention } from "../attention/createElementAttention.ts";
import { createGradientBoosting } from "../boosting/createGradientBoosting.ts";
import { createConstant } from "../constant/createConstant.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { createElasticNet } from "../linear/createElasticNet.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createMlpEnsemble } from "../mlp/createMlpEnsemble.ts";
import { createQuotients } from "../quotients/createQuotients.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import type { SettingRange } from "./settingSpace.ts";
import {
  BOOSTED_QUOTIENTS,
  BOOSTING,
  boundedProcess,
  extraTrees,
  filled,
  hurdle,
  logarithmic,
  netsOf,
  rankedProcess,
  smoothProcess,
} from "./startingLearners.ts";
import {
  whyNoAmounts,
  whyNoAmountsToDivide,
  whyNoHurdle,
  whyNoLogarithm,
  whyNoNets,
  whyNoProcess,
  whyNoRidge,
  whyNotBoosting,
  whyNotSparse,
  whyWeighted,
} from "./whyNot.ts";
/** Learners that `auto` tries. */
export type AutoCandidate =
  | "extra-trees"
  | "forest"
  | "boosting"
  | "median-boosting"
  | "gaussian-process"
  | "ranked-gaussian-process"
  | "log-extra-trees"
  | "log-boosting"
  | "log-gaussian-process"
  | "log-ranked-gaussian-process"
  | "quotient-extra-trees"
  | "quotient-boosting"
  | "quotient-ranked-gaussian-process"
  | "hurdle"
  | "boosted-hurdle"
  | "mlp"
  | "element-attention"
  | "ridge"
  | "elastic-net"
  | "ridge-degree-2"
  | "median";

/** Settings of a learner that were drawn, for the report; empty for its defaults. */
export type DrawnSettings = { readonly [name: string]: number };

export interface Family {
  readonly name: AutoCandidate;
  /** Predicts medians: tried by default where absolute errors are compared. */
  readonly isMedian?: boolean;
  /** Tried only where `candidates` names it. */
  readonly isOnRequest?: boolean;
  /** Why it cannot take the rows, of which it sees these features alone, if so. */
  why(rows: TrainingSet): string | undefined;
  /** Draws settings to try beside the defaults; absent where there is nothing to tune. */
  draw?(random: Random): DrawnSettings;
  /** What may be moved, within which range, where further settings are proposed; holds all that is drawn. */
  readonly space?: readonly SettingRange[];
  /** Where the defaults stand in it. */
  readonly standing?: DrawnSettings;
  create(settings: DrawnSettings, options: FamilyOptions, nFeatures: number): ForwardLearner;
}

/** What candidates are compared by: the mean of the squared, or of the absolute error. */
export type AutoCriterion = "squared" | "absolute";

export interface FamilyOptions {
  readonly nTrees: number;
  readonly level: number;
  readonly criterion: AutoCriterion;
  /** Rows may lack inputs; learners that take none see medians and marks in their place. */
  readonly hasGaps: boolean;
}

const TREE_SPACE: readonly SettingRange[] = [
  { name: "maxFeatures", low: 0.1, high: 1 },
  { name: "minSamplesLeaf", low: 1, high: 5, isLogarithmic: true, isWhole: true },
];
const BOOSTING_SPACE: readonly SettingRange[] = [
  { name: "learningRate", low: 0.03, high: 0.12, isLogarithmic: true },
  { name: "maxLeaves", low: 4, high: 32, isLogarithmic: true, isWhole: true },
  { name: "minSamplesLeaf", low: 1, high: 12, isLogarithmic: true, isWhole: true },
  { name: "maxFeatures", low: 0.15, high: 1 },
  { name: "rowShare", low: 0.4, high: 1 },
];
const BOOSTING_STANDING: DrawnSettings = {
  learningRate: BOOSTING.learningRate,
  maxLeaves: BOOSTING.maxLeaves,
  minSamplesLeaf: BOOSTING.minSamplesLeaf,
  maxFeatures: BOOSTING.maxFeatures,
  rowShare: BOOSTING.rowShare,
};

/** In the order in which a budget takes them: one of each kind first, as which of them suits a table cannot be told beforehand. */
export const FAMILIES: readonly Family[] = [
  {
    name: "extra-trees",
    why: () => undefined,
    draw: drawTrees,
    space: TREE_SPACE,
    standing: { maxFeatures: 1, minSamplesLeaf: 1 },
    create: (settings, { nTrees, level }) => createRandomForest({ nTrees, level, ...settings, splitter: "random" }),
  },
  {
    name: "ridge",
    why: (rows) => whyNoRidge(rows, 1),
    create: (_, options) => filled(options, createRidge({ level: options.level })),
  },
  {
    name: "gaussian-process",
    why: whyNoProcess,
    create: (_, options, nFeatures) => smoothProcess(options, nFeatures),
  },
  {
    name: "ranked-gaussian-process",
    why: whyNoProcess,
    create: (_, options, nFeatures) => rankedProcess(options, nFeatures),
  },
  {
    name: "elastic-net",
    why: (rows) => whyNotSparse(rows),
    create: (_, options) => filled(options, createElasticNet({ l1Ratio: [0.5, 1], level: options.level })),
  },
  {
    name: "forest",
    why: () => undefined,
    draw: drawTrees,
    space: TREE_SPACE,
    standing: { maxFeatures: 1, minSamplesLeaf: 1 },
    create: (settings, { nTrees, level }) => createRandomForest({ nTrees, level, ...settings }),
  },
  {
    name: "boosting",
    why: whyNotBoosting,
    draw: drawBoosting,
    space: BOOSTING_SPACE,
    standing: BOOSTING_STANDING,
    create: (settings, { level }) => createGradientBoosting({ ...BOOSTING, level, ...settings }),
  },
  {
    name: "median-boosting",
    isMedian: true,
    why: whyNotBoosting,
    draw: drawBoosting,
    space: BOOSTING_SPACE,
    standing: BOOSTING_STANDING,
    create: (settings, { level }) => createGradientBoosting({ ...BOOSTING, level, loss: "absolute", ...settings }),
  },
  {
    name: "log-extra-trees",
    why: whyNoLogarithm,
    create: (_, options) => logarithmic(options, extraTrees(options)),
  },
  {
    name: "log-boosting",
    why: (rows) => whyNoLogarithm(rows) ?? whyNotBoosting(rows),
    create: (_, options) => logarithmic(options, createGradientBoosting({ ...BOOSTING, level: options.level })),
  },
  {
    name: "log-gaussian-process",
    why: (rows) => whyNoLogarithm(rows) ?? whyNoProcess(rows),
    create: (_, options, nFeatures) => logarithmic(options, boundedProcess(options, nFeatures)),
  },
  {
    name: "log-ranked-gaussian-process",
    why: (rows) => whyNoLogarithm(rows) ?? whyNoProcess(rows),
    create: (_, options, nFeatures) => logarithmic(options, rankedProcess(options, nFeatures)),
  },
  {
    name: "quotient-extra-trees",
    why: whyNoAmountsToDivide,
    create: (_, options) => createQuotients(extraTrees(options)),
  },
  {
    name: "quotient-boosting",
    why: (rows) => whyNoAmountsToDivide(rows) ?? whyNotBoosting(rows),
    create: (_, { level, criterion }) =>
      createQuotients(createGradientBoosting({ ...BOOSTING, level, loss: criterion }), BOOSTED_QUOTIENTS),
  },
  {
    name: "quotient-ranked-gaussian-process",
    why: (rows) => whyNoAmountsToDivide(rows) ?? whyNoProcess(rows),
    // A row to predict may have none of the amounts of a quotient, a control sample say: the process sees the median there.
    create: (_, options, nFeatures) => createQuotients(rankedProcess({ ...options, hasGaps: true }, nFeatures)),
  },
  {
    name: "hurdle",
    why: whyNoHurdle,
    create: (_, options) => hurdle(options, extraTrees(options)),
  },
  {
    name: "boosted-hurdle",
    why: (rows) => whyNoHurdle(rows) ?? whyNotBoosting(rows),
    create: (_, options) => hurdle(options, createGradientBoosting({ ...BOOSTING, level: options.level })),
  },
  {
    name: "mlp",
    isOnRequest: true,
    why: whyNoNets,
    create: (_, options) => filled(options, createMlpEnsemble(netsOf(options))),
  },
  {
    name: "element-attention",
    isOnRequest: true,
    why: (rows) => whyNoNets(rows) ?? whyNoAmounts(rows),
    create: (_, options) => filled(options, createElementAttention(netsOf(options))),
  },
  {
    name: "ridge-degree-2",
    why: (rows) => whyNoRidge(rows, 2),
    create: (_, options) => filled(options, createRidge({ level: options.level, degree: 2 })),
  },
  {
    name: "median",
    isMedian: true,
    why: whyWeighted,
    create: (_, { level }) => createConstant({ statistic: "median", level }),
  },
];

function drawTrees(random: Random): DrawnSettings {
  return { maxFeatures: pick(random, [0.2, 0.5, 0.7, 1]), minSamplesLeaf: pick(random, [1, 1, 2, 3]) };
}

function drawBoosting(random: Random): DrawnSettings {
  return {
    learningRate: pick(random, [0.04, 0.08]),
    maxLeaves: pick(random, [6, 12, 24]),
    minSamplesLeaf: pick(random, [2, 5, 10]),
    maxFeatures: pick(random, [0.2, 0.5, 0.8]),
    rowShare: pick(random, [0.5, 0.7, 0.9]),
  };
}

function pick(random: Random, values: readonly number[]): number {
  return values[random.int(values.length)] as number; // int < length
}
