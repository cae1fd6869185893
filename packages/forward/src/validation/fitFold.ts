import {
  createRandom,
  type FeatureMatrix,
  type Regressor,
  type RunContext,
  runTasks,
  type Serialized,
  shuffle,
  type Targets,
  type TaskFunction,
} from "@materiome/core";
import { isStoredLearner, readLearner } from "../learner/readLearner.ts";

/** One fold: rows to fit and rows to predict. */
export interface FoldRows {
  readonly train: FeatureMatrix;
  readonly targets: Targets;
  readonly test: FeatureMatrix;
  /** Key of the fold's random stream. */
  readonly key: string;
  /** Level of the intervals to score. */
  readonly level: number;
  /** Measured targets of the test rows and sets of features to permute together; absent: no importances. */
  readonly permute?: { readonly actual: Float64Array; readonly sets: readonly (readonly number[])[] } | undefined;
}

export interface FoldResult {
  readonly predicted: Float64Array;
  readonly lower: Float64Array | undefined;
  readonly upper: Float64Array | undefined;
  /** Sum of absolute errors over the test rows with each set permuted, mean over the permutations. */
  readonly permutedErrors: Float64Array | undefined;
}

interface FitFoldInput extends FoldRows {
  readonly learner: Serialized;
}

const PERMUTATIONS = 3;

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
  const { train, targets, test, key, level, permute } = fold;
  const random = createRandom(key);
  const quiet = { ...run, onProgress: undefined };
  const model = await learner.fit(train, targets, { ...quiet, random });
  const { mean, lower, upper, distribution } = await model.predict(test, quiet);
  const bound = (p: number): Float64Array | undefined =>
    distribution && Float64Array.from({ length: test.rows }, (_, i) => distribution.quantile(i, 0, p));
  let permutedErrors: Float64Array | undefined;
  if (permute !== undefined) {
    permutedErrors = new Float64Array(permute.sets.length);
    for (const [s, features] of permute.sets.entries()) {
      for (let k = 0; k < PERMUTATIONS; k++) {
        const order = shuffle(test.rows, random.fork("permute").fork(s).fork(k));
        const permuted = await model.predict(permuteFeatures(test, features, order), quiet);
        for (const [i, value] of permuted.mean.data.entries()) {
          const error = Math.abs((permute.actual[i] as number) - value); // one per test row
          permutedErrors[s] = (permutedErrors[s] as number) + error / PERMUTATIONS;
        }
      }
    }
  }
  return {
    predicted: mean.data,
    lower: bound((1 - level) / 2) ?? lower?.data,
    upper: bound((1 + level) / 2) ?? upper?.data,
    permutedErrors,
  };
}

function permuteFeatures(x: FeatureMatrix, features: readonly number[], order: Int32Array): FeatureMatrix {
  const data = x.data.slice();
  for (const [i, from] of order.entries()) {
    for (const f of features) data[i * x.columns + f] = x.data[from * x.columns + f] as number; // f < columns
  }
  return { ...x, data };
}
