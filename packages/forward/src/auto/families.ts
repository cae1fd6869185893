import { DataError, type Random } from "@materiome/core";
import { findAmounts } from "../attention/amountColumns.ts";
import { createElementAttention } from "../attention/createElementAttention.ts";
import { createGradientBoosting } from "../boosting/createGradientBoosting.ts";
import { createConstant } from "../constant/createConstant.ts";
import type { Covariance } from "../gaussianProcess/covariance.ts";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import { createHurdle } from "../hurdle/createHurdle.ts";
import { sharedValue } from "../hurdle/sharedValue.ts";
import { createImputed } from "../imputed/createImputed.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { countTerms, MOST_RANK, MOST_TERMS } from "../linear/basis.ts";
import { createElasticNet } from "../linear/createElasticNet.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createLogarithmic } from "../logarithmic/createLogarithmic.ts";
import { createMlpEnsemble } from "../mlp/createMlpEnsemble.ts";
import { whyNoQuotients } from "../quotients/amountGroups.ts";
import { createQuotients } from "../quotients/createQuotients.ts";
import { createRanked } from "../ranked/createRanked.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";
import type { SettingRange } from "./settingSpace.ts";

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

/** Rows and terms above which the second-degree ridge takes longer than all the rest. */
const MOST_QUADRATIC_RANK = 400;
const MOST_QUADRATIC_TERMS = 2000;
/** Rows above which a Gaussian process, fitted in every fold, takes longer than all the rest. */
const MOST_PROCESS_ROWS = 1500;
/** Rows that tell the hyper-parameters well enough to predict by. */
const PROCESS_SEARCH_ROWS = 150;
/** Features above which all those made from one column share a length-scale. */
const MOST_LENGTH_SCALES = 60;
/**
 * Features for each row from which a linear law of few of them is worth looking for: to fit d features to n rows raises the error on new
 * rows by about d / 2n of itself, a tenth here, which is what can be won.
 */
const MANY_FEATURES = 0.2;
/** Values above which the path of an elastic net takes longer than all the rest. */
const MOST_SPARSE_VALUES = 400_000;
/** Features above which it does too, on few rows: each of some thirty fits inside a search makes the products of all pairs. */
const MOST_SPARSE_FEATURES = 1500;
/** Rows or groups below which a fold of a fold holds too few to tell rounds apart. */
const FEWEST_TO_BOOST = 40;
/** Rows or groups that the path needs within a fold. */
const FEWEST_TO_DIVIDE_TWICE = 5;
/** Rows or groups below which a net has too few to learn from, and to stop by. */
const FEWEST_FOR_NETS = 60;
/** Iterations that settle a likelihood well enough to predict by. */
const PROCESS_ITERATIONS = 20;

/** Share of the rows that must have one value before a hurdle is tried, and rows with and without it. */
const LEAST_SHARED = 0.1;
const FEWEST_OF_A_KIND = 20;

/** Ratio of the 95 % to the 5 % quantile from which the logarithm of a target is tried. */
const LEAST_SPAN = 3;

/** Small leaves that are shrunk, few columns a split, and rounds enough: what small tables want. */
const BOOSTING = {
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

/** Boosting weighs many terms, and gains most by asking for two amounts at a time. */
const BOOSTED_QUOTIENTS = { nQuotients: 6, addsSums: true } as const;

/** An offset, and an effect of each group. */
const COMMON_TERMS: readonly Covariance[] = [{ kind: "constant", variance: 1, fixed: ["variance"] }, { kind: "group" }];

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
    why: (rows) => whyWeighted(rows) ?? whyTooMany(rows, countTerms(rows.x.columns, 1), MOST_TERMS, MOST_RANK),
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
    why: (rows) => whyWeighted(rows) ?? whyNotSparse(rows),
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
    why: (rows) =>
      whyWeighted(rows) ?? whyTooMany(rows, countTerms(rows.x.columns, 2), MOST_QUADRATIC_TERMS, MOST_QUADRATIC_RANK),
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

function whyNotBoosting({ nGroups }: TrainingSet): string | undefined {
  return nGroups < FEWEST_TO_BOOST
    ? `${nGroups} rows or groups, ${FEWEST_TO_BOOST} are needed to divide them again`
    : undefined;
}

/** Both parts must be learnt, in each fold. */
function whyNoHurdle({ y }: TrainingSet): string | undefined {
  const { value, count } = sharedValue(y);
  if (count < y.length * LEAST_SHARED) return "no value is shared by a tenth of the rows";
  const fewest = Math.min(count, y.length - count);
  return fewest < FEWEST_OF_A_KIND
    ? `${fewest} rows ${fewest === count ? "have" : "have not"} the value ${value}, ${FEWEST_OF_A_KIND} are needed`
    : undefined;
}

function whyNoAmountsToDivide({ x }: TrainingSet): string | undefined {
  return whyNoQuotients(x);
}

function whyNoLogarithm({ y }: TrainingSet): string | undefined {
  const sorted = y.slice().sort();
  if (!((sorted[0] as number) > 0)) return "the target is not above 0 everywhere"; // at least two rows
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return at(0.95) < LEAST_SPAN * at(0.05)
    ? `nine tenths of the target lie within a factor of ${LEAST_SPAN}`
    : undefined;
}

function whyNoNets({ nGroups }: TrainingSet): string | undefined {
  return nGroups < FEWEST_FOR_NETS ? `${nGroups} rows or groups, ${FEWEST_FOR_NETS} are needed for nets` : undefined;
}

function whyNoAmounts({ x }: TrainingSet): string | undefined {
  try {
    findAmounts("element attention", x.features, undefined);
    return undefined;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

function netsOf({ level, criterion }: FamilyOptions) {
  return { level, loss: criterion, nMembers: 3, folds: 3, epochs: 60 } as const;
}

function whyWeighted(rows: TrainingSet): string | undefined {
  return rows.weights === undefined ? undefined : "rows are weighted";
}

function whyNotSparse({ x, nGroups }: TrainingSet): string | undefined {
  const { rows, columns } = x;
  if (nGroups < FEWEST_TO_DIVIDE_TWICE)
    return `${nGroups} rows or groups, ${FEWEST_TO_DIVIDE_TWICE} are needed to choose a penalty`;
  if (columns < MANY_FEATURES * rows) {
    return `${columns} features for ${rows} rows; it is tried from one for five rows on, with fewer a ridge is as good`;
  }
  if (rows * columns > MOST_SPARSE_VALUES) return `${rows} × ${columns} values would take too long`;
  const gappy = new Set<number>();
  for (const [at, value] of x.data.entries()) if (Number.isNaN(value)) gappy.add(at % columns);
  const given = columns + gappy.size; // a mark for each feature with gaps
  return given > MOST_SPARSE_FEATURES ? `${given} features would take too long` : undefined;
}

function whyTooMany({ x }: TrainingSet, nTerms: number, mostTerms: number, mostRank: number): string | undefined {
  const isTooMany = nTerms > mostTerms || Math.min(nTerms, x.rows) > mostRank;
  return isTooMany ? `${nTerms} terms for ${x.rows} rows would take too long` : undefined;
}

function whyNoProcess(rows: TrainingSet): string | undefined {
  const isTooMany = rows.x.rows > MOST_PROCESS_ROWS;
  return whyWeighted(rows) ?? (isTooMany ? `${rows.x.rows} rows would take too long` : undefined);
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

function extraTrees({ nTrees, level }: FamilyOptions): ForwardLearner {
  return createRandomForest({ nTrees, level, splitter: "random" });
}

function hurdle(options: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  const { nTrees, level } = options;
  const statistic = statisticOf(options);
  const classifier = createRandomForestClassifier({ nTrees, splitter: "random" });
  return filled(options, createHurdle({ classifier, learner, statistic, level }));
}

function smoothProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, process(options, [{ kind: "matern52", metric: metricFor(nFeatures) }, { kind: "linear" }]));
}

/**
 * Goes back to the mean far from the training rows. A linear trend of a logarithm goes on by powers of ten there: one alloy unlike all
 * others was predicted a thousand times too strong.
 */
function boundedProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, process(options, [{ kind: "matern52", metric: metricFor(nFeatures) }]));
}

function rankedProcess(options: FamilyOptions, nFeatures: number): ForwardLearner {
  return filled(options, createRanked(process(options, [{ kind: "matern12", metric: metricFor(nFeatures) }])));
}

function logarithmic(options: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  return createLogarithmic(learner, { statistic: statisticOf(options) });
}

/** What has the least mean of the costs that are compared. */
function statisticOf({ criterion }: FamilyOptions): "mean" | "median" {
  return criterion === "absolute" ? "median" : "mean";
}

function filled({ hasGaps }: FamilyOptions, learner: ForwardLearner): ForwardLearner {
  return hasGaps ? createImputed(learner) : learner;
}
