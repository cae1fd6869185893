import type { Random } from "@materiome/core";
import { createGradientBoosting } from "../boosting/createGradientBoosting.ts";
import type { Covariance } from "../gaussianProcess/covariance.ts";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { countTerms, MOST_RANK, MOST_TERMS } from "../linear/basis.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createRanked } from "../ranked/createRanked.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";

/** Learners that `auto` tries. */
export type AutoCandidate =
  | "extra-trees"
  | "forest"
  | "boosting"
  | "gaussian-process"
  | "ranked-gaussian-process"
  | "ridge"
  | "ridge-degree-2";

/** Settings of a learner that were drawn, for the report; empty for its defaults. */
export type DrawnSettings = { readonly [name: string]: number };

export interface Family {
  readonly name: AutoCandidate;
  /** Why it cannot take the rows with so many features, if so. */
  why(rows: TrainingSet, nFeatures: number, hasGaps: boolean): string | undefined;
  /** Draws settings to try beside the defaults; absent where there is nothing to tune. */
  draw?(random: Random): DrawnSettings;
  create(settings: DrawnSettings, options: FamilyOptions): ForwardLearner;
}

export interface FamilyOptions {
  readonly nTrees: number;
  readonly level: number;
}

/** Rows and terms above which the second-degree ridge takes longer than all the rest. */
const MOST_QUADRATIC_RANK = 400;
const MOST_QUADRATIC_TERMS = 2000;
/** Rows and features above which a Gaussian process, fitted in every fold, takes longer than all the rest. */
const MOST_PROCESS_ROWS = 300;
const MOST_PROCESS_FEATURES = 60;
/** Rows or groups below which a fold of a fold holds too few to tell rounds apart. */
const FEWEST_TO_BOOST = 40;
/** Iterations that settle a likelihood well enough to predict by. */
const PROCESS_ITERATIONS = 40;

/** An offset, and an effect of each group. */
const COMMON_TERMS: readonly Covariance[] = [{ kind: "constant", variance: 1, fixed: ["variance"] }, { kind: "group" }];

/** In the order in which they are tried. */
export const FAMILIES: readonly Family[] = [
  {
    name: "extra-trees",
    why: () => undefined,
    draw: drawTrees,
    create: (settings, options) => createRandomForest({ ...options, ...settings, splitter: "random" }),
  },
  {
    name: "forest",
    why: () => undefined,
    draw: drawTrees,
    create: (settings, options) => createRandomForest({ ...options, ...settings }),
  },
  {
    name: "boosting",
    why: ({ nGroups }) =>
      nGroups < FEWEST_TO_BOOST
        ? `${nGroups} rows or groups, ${FEWEST_TO_BOOST} are needed to divide them again`
        : undefined,
    draw: drawBoosting,
    create: (settings, { level }) =>
      createGradientBoosting({
        level,
        learningRate: 0.06,
        maxLeaves: 12,
        rowShare: 0.7,
        maxFeatures: 0.5,
        folds: 3,
        nRounds: 300,
        patience: 15,
        ...settings,
      }),
  },
  {
    name: "gaussian-process",
    why: whyNoProcess,
    create: (_, { level }) =>
      createGaussianProcess({
        level,
        starts: 1,
        maxIterations: PROCESS_ITERATIONS,
        covariance: { kind: "sum", terms: [{ kind: "matern52" }, { kind: "linear" }, ...COMMON_TERMS] },
      }),
  },
  {
    name: "ranked-gaussian-process",
    why: whyNoProcess,
    create: (_, { level }) =>
      createRanked(
        createGaussianProcess({
          level,
          starts: 1,
          maxIterations: PROCESS_ITERATIONS,
          covariance: { kind: "sum", terms: [{ kind: "matern12" }, ...COMMON_TERMS] },
        }),
      ),
  },
  {
    name: "ridge",
    why: (rows, d, hasGaps) => whyNotLinear(rows, hasGaps) ?? whyTooMany(rows, countTerms(d, 1), MOST_TERMS, MOST_RANK),
    create: (_, { level }) => createRidge({ level }),
  },
  {
    name: "ridge-degree-2",
    why: (rows, d, hasGaps) =>
      whyNotLinear(rows, hasGaps) ?? whyTooMany(rows, countTerms(d, 2), MOST_QUADRATIC_TERMS, MOST_QUADRATIC_RANK),
    create: (_, { level }) => createRidge({ level, degree: 2 }),
  },
];

function drawTrees(random: Random): DrawnSettings {
  return { maxFeatures: pick(random, [0.2, 0.35, 0.5, 0.7]), minSamplesLeaf: pick(random, [1, 1, 2, 3]) };
}

function drawBoosting(random: Random): DrawnSettings {
  return {
    learningRate: pick(random, [0.03, 0.05, 0.08]),
    maxLeaves: pick(random, [4, 8, 20, 31]),
    maxFeatures: pick(random, [0.2, 0.35, 0.7]),
    rowShare: pick(random, [0.5, 0.7, 0.9]),
  };
}

function pick(random: Random, values: readonly number[]): number {
  return values[random.int(values.length)] as number; // int < length
}

function whyNotLinear(rows: TrainingSet, hasGaps: boolean): string | undefined {
  if (hasGaps) return "some inputs are missing";
  return rows.weights === undefined ? undefined : "rows are weighted";
}

function whyTooMany({ x }: TrainingSet, nTerms: number, mostTerms: number, mostRank: number): string | undefined {
  const isTooMany = nTerms > mostTerms || Math.min(nTerms, x.rows) > mostRank;
  return isTooMany ? `${nTerms} terms for ${x.rows} rows would take too long` : undefined;
}

function whyNoProcess(rows: TrainingSet, nFeatures: number, hasGaps: boolean): string | undefined {
  const reason = whyNotLinear(rows, hasGaps);
  if (reason !== undefined) return reason;
  const isTooMany = rows.x.rows > MOST_PROCESS_ROWS || nFeatures > MOST_PROCESS_FEATURES;
  return isTooMany ? `${nFeatures} features of ${rows.x.rows} rows would take too long` : undefined;
}
