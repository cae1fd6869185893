import {
  createRandom,
  DataError,
  DomainError,
  type FeatureMatrix,
  type Regressor,
  type RunContext,
  type Targets,
  takeRows,
} from "@materiome/core";
import { applySteps, type FeatureStep, fitSteps } from "@materiome/core/features";
import { type FoldResult, type FoldRows, fitFolds } from "./fitFold.ts";
import { type HeldOutRows, meanOf, medianOf, type Scores, scoreHeldOut } from "./scores.ts";
import type { Splitter } from "./splitter.ts";
import { takeTargets } from "./takeTargets.ts";

/** Held-out predictions of one repeat; `fold[i]` is the fold that held row i out. */
export interface CrossValidationRepeat extends HeldOutRows {
  readonly fold: Int32Array;
}

export interface FoldScores {
  readonly repeat: number;
  readonly fold: number;
  readonly n: number;
  readonly mae: number;
  readonly rmse: number;
}

export interface CrossValidation {
  /** Means over the repeats; each repeat scores every row once. */
  readonly scores: Scores;
  readonly repeats: readonly CrossValidationRepeat[];
  readonly perFold: readonly FoldScores[];
}

export interface CrossValidateOptions {
  /** @defaultValue 1 */
  readonly repeats?: number | undefined;
  /** Level of the learner's intervals, for coverage and interval score. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** What is done to the features (scale, impute, select, …), fitted to the training rows of each fold. @defaultValue none */
  readonly steps?: readonly FeatureStep[] | undefined;
}

/**
 * Cross-validates a learner: every row is predicted by a model that saw neither it nor, with `groupKFold`, its group.
 * The learner gets the groups and weights of its training rows; steps learn from the training rows only. Mean and median baselines are those of the training rows.
 *
 * @param learner - a regressor for one target
 * @throws DataError for fewer rows or groups than folds, or a constant target
 * @example
 * const { scores } = await crossValidate(createRandomForest(), x, y, groupKFold(5), { random: createRandom(1) });
 */
export async function crossValidate(
  learner: Regressor,
  x: FeatureMatrix,
  y: Targets,
  splitter: Splitter,
  run: RunContext,
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  const { level = 0.9, steps = [] } = options;
  return validateFolds(y.values.data, y.groups, splitter, run, options, async (folds) => {
    const rows: FoldRows[] = [];
    for (const { train, test, key } of folds) {
      const targets = takeTargets(y, train);
      const random = createRandom(key).fork("features");
      const fit = await fitSteps(steps, takeRows(x, train), { ...run, random, onProgress: undefined, targets });
      rows.push({ train: fit.x, targets, test: applySteps(fit.fitted, takeRows(x, test)), key, level });
    }
    return fitFolds(learner, rows, run);
  });
}

/** Rows of one fold and the key of its random stream. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly repeat: number;
  readonly key: string;
}

/** {@link crossValidate} around any way to fit the folds. */
export async function validateFolds(
  y: Float64Array,
  groups: Int32Array | undefined,
  splitter: Splitter,
  run: RunContext,
  options: CrossValidateOptions,
  fitAll: (folds: readonly Fold[]) => Promise<readonly FoldResult[]>,
): Promise<CrossValidation> {
  const { repeats: nRepeats = 1, level = 0.9 } = options;
  if (!(Number.isInteger(nRepeats) && nRepeats >= 1)) {
    throw new DomainError(`crossValidate: repeats must be a whole number of at least 1, got ${nRepeats}`);
  }
  const n = y.length;
  if (y.every((value) => value === y[0])) {
    throw new DataError(`crossValidate: the target is constant (${y[0]} in all ${n} rows); there is nothing to learn`);
  }
  const repeats: CrossValidationRepeat[] = [];
  const folds: Fold[] = [];
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const random = run.random.fork("repeat").fork(repeat);
    const fold = splitter.assign(n, groups, random.fork("split"));
    const empty = (): Float64Array => new Float64Array(n).fill(Number.NaN);
    repeats.push({
      actual: y,
      predicted: empty(),
      lower: empty(),
      upper: empty(),
      meanBaseline: empty(),
      medianBaseline: empty(),
      fold,
    });
    for (let k = 0; k < splitter.nFolds; k++) {
      const train = Int32Array.from(fold.keys()).filter((i) => fold[i] !== k);
      const test = Int32Array.from(fold.keys()).filter((i) => fold[i] === k);
      folds.push({ train, test, repeat, key: random.fork("fold").fork(k).key });
    }
  }
  const results = await fitAll(folds);
  const perFold = folds.map((fold, at): FoldScores => {
    const rows = repeats[fold.repeat] as CrossValidationRepeat; // one per repeat
    return recordFold(fold, results[at] as FoldResult, y, rows, at % splitter.nFolds);
  });
  const random = run.random.fork("bootstrap");
  const each = repeats.map((rows, k) => scoreHeldOut(rows, { level, groups, random: random.fork(k) }));
  return { scores: averageScores(each), repeats, perFold };
}

/** Puts the predictions of a fold where its rows are, with the baselines of its training rows. */
function recordFold(
  { train, test, repeat }: Fold,
  result: FoldResult,
  y: Float64Array,
  rows: CrossValidationRepeat,
  fold: number,
): FoldScores {
  const trained = Float64Array.from(train, (i) => y[i] as number); // rows of y
  const mean = meanOf(trained);
  const median = medianOf(trained);
  let absolute = 0;
  let square = 0;
  for (const [at, i] of test.entries()) {
    const predicted = result.predicted[at] as number; // one per test row
    rows.predicted[i] = predicted;
    rows.lower[i] = result.lower?.[at] ?? Number.NaN;
    rows.upper[i] = result.upper?.[at] ?? Number.NaN;
    rows.meanBaseline[i] = mean;
    rows.medianBaseline[i] = median;
    absolute += Math.abs((y[i] as number) - predicted);
    square += ((y[i] as number) - predicted) ** 2;
  }
  return { repeat, fold, n: test.length, mae: absolute / test.length, rmse: Math.sqrt(square / test.length) };
}

function averageScores(each: readonly Scores[]): Scores {
  const mean = (of: (s: Scores) => number): number => meanOf(each.map(of));
  const meanOrNull = (of: (s: Scores) => number | null): number | null => {
    const values = each.map(of).filter((value) => value !== null);
    return values.length === each.length ? meanOf(values) : null;
  };
  return {
    n: each[0]?.n ?? 0,
    mae: mean((s) => s.mae),
    maeCi: [mean((s) => s.maeCi[0]), mean((s) => s.maeCi[1])],
    rmse: mean((s) => s.rmse),
    r2: mean((s) => s.r2),
    meanBaselineMae: mean((s) => s.meanBaselineMae),
    medianBaselineMae: mean((s) => s.medianBaselineMae),
    coverage: meanOrNull((s) => s.coverage),
    meanIntervalWidth: meanOrNull((s) => s.meanIntervalWidth),
    intervalScore: meanOrNull((s) => s.intervalScore),
  };
}
