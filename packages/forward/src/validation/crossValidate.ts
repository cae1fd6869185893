import {
  DataError,
  type FeatureMatrix,
  type Regressor,
  type RunContext,
  type Targets,
  takeRows,
} from "@materiome/core";
import { type HeldOutRows, meanOf, medianOf, type Scores, scoreHeldOut } from "./scores.ts";
import type { Splitter } from "./splitter.ts";

/** What fits on the rows of a fold and predicts the others. Whatever is learnt (encoders, scalings) is learnt in here. */
export type FoldFit = (
  train: Int32Array,
  test: Int32Array,
  run: RunContext,
) => Promise<{
  readonly predicted: Float64Array;
  readonly lower: Float64Array | undefined;
  readonly upper: Float64Array | undefined;
}>;

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
}

/**
 * Cross-validates a learner: every row is predicted by a model that saw neither it nor, with `groupKFold`, its group.
 * The learner gets the groups and weights of its training rows. Mean and median baselines are those of the training rows.
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
  const fit: FoldFit = async (train, test, foldRun) => {
    const model = await learner.fit(takeRows(x, train), takeTargets(y, train), foldRun);
    const { mean, lower, upper } = await model.predict(takeRows(x, test), foldRun);
    return { predicted: mean.data, lower: lower?.data, upper: upper?.data };
  };
  return validateFolds(fit, y.values.data, y.groups, splitter, run, options);
}

/** Targets of some rows, with their weights and groups. */
export function takeTargets(y: Targets, rows: Int32Array): Targets {
  const take = (values: Float64Array | undefined): Float64Array | undefined =>
    values === undefined ? undefined : Float64Array.from(rows, (i) => values[i] as number); // rows of the same table
  const { groups } = y;
  return {
    kind: "regression",
    values: takeRows(y.values, rows),
    units: y.units,
    weights: take(y.weights),
    noiseVariance: take(y.noiseVariance),
    groups: groups === undefined ? undefined : rows.map((i) => groups[i] as number),
  };
}

/** The loop of {@link crossValidate} around any way to fit a fold. */
export async function validateFolds(
  fit: FoldFit,
  y: Float64Array,
  groups: Int32Array | undefined,
  splitter: Splitter,
  run: RunContext,
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  const { repeats: nRepeats = 1, level = 0.9 } = options;
  const n = y.length;
  if (y.every((value) => value === y[0])) {
    throw new DataError(`crossValidate: the target is constant (${y[0]} in all ${n} rows); there is nothing to learn`);
  }
  const repeats: CrossValidationRepeat[] = [];
  const perFold: FoldScores[] = [];
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const random = run.random.fork("repeat").fork(repeat);
    const fold = splitter.assign(n, groups, random.fork("split"));
    const rows: CrossValidationRepeat = {
      actual: y,
      predicted: new Float64Array(n).fill(Number.NaN),
      lower: new Float64Array(n).fill(Number.NaN),
      upper: new Float64Array(n).fill(Number.NaN),
      meanBaseline: new Float64Array(n),
      medianBaseline: new Float64Array(n),
      fold,
    };
    for (let k = 0; k < splitter.nFolds; k++) {
      run.signal?.throwIfAborted();
      const train = Int32Array.from(fold.keys()).filter((i) => fold[i] !== k);
      const test = Int32Array.from(fold.keys()).filter((i) => fold[i] === k);
      const result = await fit(train, test, { ...run, onProgress: undefined, random: random.fork("fold").fork(k) });
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
      perFold.push({
        repeat,
        fold: k,
        n: test.length,
        mae: absolute / test.length,
        rmse: Math.sqrt(square / test.length),
      });
      run.onProgress?.({ stage: "folds", done: perFold.length, total: nRepeats * splitter.nFolds });
    }
    repeats.push(rows);
  }
  const random = run.random.fork("bootstrap");
  const each = repeats.map((rows, k) => scoreHeldOut(rows, { level, groups, random: random.fork(k) }));
  return { scores: averageScores(each), repeats, perFold };
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
