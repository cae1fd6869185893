import {
  createRandom,
  DomainError,
  type FeatureMatrix,
  type Prediction,
  type Random,
  type RegressionModel,
  type Regressor,
  type RunContext,
  runTasks,
  type Serialized,
  type Targets,
  type TaskFunction,
} from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { addGrowth, type ErrorGrowth } from "../explain/errorIncrease.ts";
import { isStoredLearner, readLearner } from "../learner/readLearner.ts";
import { continuousRankedScore } from "./distributionScores.ts";
import { standardiseFeatures } from "./standardise.ts";

/** One fold: rows to fit and rows to predict. */
export interface FoldRows {
  readonly train: FeatureMatrix;
  readonly targets: Targets;
  readonly test: FeatureMatrix;
  /** Key of the fold's random stream. */
  readonly key: string;
  /** Level of the intervals to score. */
  readonly level: number;
  /** Measured targets of the test rows. */
  readonly actual: Float64Array;
  /** Also predicts by the nearest training row. @defaultValue false */
  readonly neighbour?: boolean | undefined;
  /** Sets of features to take from random training rows together; absent: no importances. */
  readonly permute?: readonly (readonly number[])[] | undefined;
}

export interface FoldResult {
  readonly predicted: Float64Array;
  readonly lower: Float64Array | undefined;
  readonly upper: Float64Array | undefined;
  /** F(y) and continuous ranked probability score of the predictive distribution, where there is one. */
  readonly pit: Float64Array | undefined;
  readonly crps: Float64Array | undefined;
  /** Target of the nearest training row. */
  readonly neighbour: Float64Array | undefined;
  /** Errors of the test rows with each set taken from random training rows. */
  readonly shuffled: readonly ErrorGrowth[] | undefined;
}

interface FitFoldInput extends FoldRows {
  readonly learner: Serialized;
}

const SHUFFLES = 3;

const task: TaskFunction = { module: import.meta.url, name: "fitFold" };

/** Fits and predicts each fold; learners of this package in worker threads, fold by fold, others here one by one. */
export async function fitFolds(learner: Regressor, folds: readonly FoldRows[], run: RunContext): Promise<FoldResult[]> {
  const stored = learner.toJSON();
  if (isStoredLearner(stored) && run.threads !== 1) {
    const inputs = folds.map((fold): FitFoldInput => ({ ...fold, learner: stored }));
    return runTasks<FitFoldInput, FoldResult>(task, inputs, { ...run, stage: "folds" });
  }
  const results: FoldResult[] = [];
  for (const fold of folds) {
    run.signal?.throwIfAborted();
    results.push(await fitOne(learner, fold, run));
    run.onProgress?.({ stage: "folds", done: results.length, total: folds.length });
  }
  return results;
}

/** One fold in a worker thread. */
export async function fitFold(input: FitFoldInput): Promise<FoldResult> {
  return fitOne(readLearner(input.learner), input, { threads: 1 });
}

async function fitOne(learner: Regressor, fold: FoldRows, run: Omit<RunContext, "random">): Promise<FoldResult> {
  const { train, targets, test, key, level, actual, permute } = fold;
  const random = createRandom(key);
  const quiet = { ...run, onProgress: undefined };
  const model = await learner.fit(train, targets, { ...quiet, random });
  const prediction = await model.predict(test, quiet);
  const { mean, lower, upper, distribution } = prediction;
  if (distribution === undefined) checkLevel(prediction, level);
  const bound = (p: number): Float64Array | undefined =>
    distribution && Float64Array.from({ length: test.rows }, (_, i) => distribution.quantile(i, 0, p));
  return {
    predicted: mean.data,
    lower: bound((1 - level) / 2) ?? lower?.data,
    upper: bound((1 + level) / 2) ?? upper?.data,
    pit: distribution && actual.map((y, i) => distribution.cdf(i, 0, y)),
    crps: distribution && actual.map((y, i) => continuousRankedScore(distribution, i, y)),
    neighbour: fold.neighbour === true ? nearestTargets(train, targets, test) : undefined,
    shuffled:
      permute &&
      (await shuffleSets(model, train, test, { actual, predicted: mean.data }, permute, random.fork("permute"), quiet)),
  };
}

/** Intervals of one level say nothing about another. */
function checkLevel({ lower, level }: Prediction, scored: number): void {
  if (lower === undefined || level === undefined || Math.abs(level - scored) < 1e-9) return;
  throw new DomainError(
    `crossValidate: the learner gives intervals of level ${level} and no distribution, so level ${scored} cannot be scored; ask for level ${level}, or set that of the learner`,
  );
}

/** Target of the nearest training row, each feature scaled to mean 0 and variance 1; a missing value stands at the mean. */
function nearestTargets(train: FeatureMatrix, targets: Targets, test: FeatureMatrix): Float64Array {
  const scale = standardiseFeatures(train);
  const { rows } = createNeighbourSearch(scale(train))(scale(test), 1);
  return Float64Array.from(rows, (row) => targets.values.data[row] as number); // a training row
}

/**
 * Values come from random training rows, not from other test rows: where a fold holds out one heat, all its rows may agree in an
 * input, which would then never seem to matter.
 */
async function shuffleSets(
  model: RegressionModel,
  train: FeatureMatrix,
  test: FeatureMatrix,
  { actual, predicted }: { readonly actual: Float64Array; readonly predicted: Float64Array },
  sets: readonly (readonly number[])[],
  random: Random,
  run: Omit<RunContext, "random">,
): Promise<ErrorGrowth[]> {
  const found: ErrorGrowth[] = [];
  const errorsOf = (mean: Float64Array): Float64Array => mean.map((value, i) => value - (actual[i] as number)); // one per test row
  const errors = errorsOf(predicted);
  for (const [s, features] of sets.entries()) {
    const growth = { absolute: new Float64Array(test.rows), square: new Float64Array(test.rows) };
    for (let k = 0; k < SHUFFLES; k++) {
      const draw = random.fork(s).fork(k);
      const data = test.data.slice();
      for (let i = 0; i < test.rows; i++) {
        const from = draw.int(train.rows) * train.columns;
        for (const f of features) data[i * test.columns + f] = train.data[from + f] as number; // f < columns
      }
      const { mean } = await model.predict({ ...test, data }, run);
      addGrowth(growth, errors, errorsOf(mean.data), SHUFFLES);
    }
    found.push(growth);
  }
  return found;
}
