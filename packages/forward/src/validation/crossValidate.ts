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
import { describeHeldOut, type HeldOutDetails } from "./heldOutDetails.ts";
import { type HeldOutRows, meanOf, medianOf, type Scores, scoreHeldOut } from "./scores.ts";
import type { HoldOut, SplitRows, Splitter } from "./splitter.ts";
import { takeTargets } from "./takeTargets.ts";

/**
 * Held-out predictions of one repeat. Where each row is held out once, entry i is row i; else entries are in the order of
 * rows, a row tested twice having two.
 */
export interface CrossValidationRepeat extends HeldOutRows {
  /** The row that was predicted. */
  readonly row: Int32Array;
  /** The fold that held it out. */
  readonly fold: Int32Array;
}

export interface FoldScores {
  readonly repeat: number;
  readonly fold: number;
  readonly n: number;
  readonly mae: number;
  readonly rmse: number;
}

/** What a fold held out, and from how many rows it was predicted. */
export interface HeldOutFold {
  readonly repeat: number;
  readonly fold: number;
  readonly nTrain: number;
  readonly nTest: number;
  readonly heldOut: string;
}

export interface CrossValidation {
  /** Means over the repeats; each repeat scores every held-out row. */
  readonly scores: Scores;
  /** More metrics, baselines, calibration and coverage by region. */
  readonly details: HeldOutDetails;
  readonly repeats: readonly CrossValidationRepeat[];
  readonly perFold: readonly FoldScores[];
  /** In the order of `perFold`. */
  readonly folds: readonly HeldOutFold[];
  /** What the splitter says of its folds: rows never tested, elements not held out. */
  readonly remarks: readonly string[];
}

export interface CrossValidateOptions {
  /** Times the split is drawn anew. @defaultValue 1 */
  readonly repeats?: number | undefined;
  /** Level of the learner's intervals, for coverage and interval score. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** What is done to the features (scale, impute, select, …), fitted to the training rows of each fold. @defaultValue none */
  readonly steps?: readonly FeatureStep[] | undefined;
}

/**
 * Cross-validates a learner: every row held out is predicted by a model that saw neither it nor, save with `kFold` and
 * `stratifiedKFold`, its group. With a learner that chooses by itself (`createAuto`) this is nested cross-validation: the
 * choice is made anew inside each fold, from its training rows alone.
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
  const rows = { nRows: x.rows, x, target: y.values.data, groups: y.groups };
  return validateFolds(rows, splitter, run, options, async (folds) => {
    const parts: FoldRows[] = [];
    for (const { train, test, key } of folds) {
      const targets = takeTargets(y, train);
      const random = createRandom(key).fork("features");
      const fit = await fitSteps(steps, takeRows(x, train), { ...run, random, onProgress: undefined, targets });
      parts.push({
        train: fit.x,
        targets,
        test: applySteps(fit.fitted, takeRows(x, test)),
        actual: Float64Array.from(test, (i) => y.values.data[i] as number),
        neighbour: true,
        key,
        level,
      });
    }
    return fitFolds(learner, parts, run);
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
  given: SplitRows & { readonly target: Float64Array },
  splitter: Splitter,
  run: RunContext,
  options: CrossValidateOptions,
  fitAll: (folds: readonly Fold[]) => Promise<readonly FoldResult[]>,
): Promise<CrossValidation> {
  const { repeats: nRepeats = 1, level = 0.9 } = options;
  const { target: y, groups, nRows: n } = given;
  if (!(Number.isInteger(nRepeats) && nRepeats >= 1)) {
    throw new DomainError(`crossValidate: repeats must be a whole number of at least 1, got ${nRepeats}`);
  }
  if (y.every((value) => value === y[0])) {
    throw new DataError(`crossValidate: the target is constant (${y[0]} in all ${n} rows); there is nothing to learn`);
  }
  const folds: (Fold & { readonly heldOut: string })[] = [];
  const remarks = new Set<string>();
  let nDone = 0;
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const random = run.random.fork("repeat").fork(repeat);
    const plan = splitter.plan(given, random.fork("split"));
    for (const [k, one] of plan.holdOuts.entries()) {
      folds.push({ ...one, repeat: nDone + one.repeat, key: random.fork("fold").fork(k).key });
    }
    for (const remark of plan.remarks) remarks.add(remark);
    nDone = 1 + Math.max(...folds.map((fold) => fold.repeat));
  }
  const results = await fitAll(folds);
  const perFold: FoldScores[] = [];
  const repeats: CrossValidationRepeat[] = [];
  for (let repeat = 0; repeat < nDone; repeat++) {
    const own = Array.from(folds.keys()).filter((at) => folds[at]?.repeat === repeat);
    const holdOuts = own.map((at) => folds[at] as HoldOut); // at < length
    const { rows, places } = emptyRows(y, holdOuts);
    for (const [k, at] of own.entries()) {
      const [holdOut, result, place] = [holdOuts[k] as HoldOut, results[at] as FoldResult, places[k] as Int32Array]; // one per fold
      perFold.push(recordFold(holdOut, result, y, rows, place, k));
    }
    repeats.push(rows);
  }
  const random = run.random.fork("bootstrap");
  const each = repeats.map((rows, k) => {
    const isPartition = rows.row.length === n && rows.row.every((row, i) => row === i);
    // Entries of one row are one group of their own where there are no groups.
    const clusters = isPartition ? groups : rows.row.map((row) => groups?.[row] ?? row);
    return scoreHeldOut(rows, { level, groups: clusters, random: random.fork(k) });
  });
  return {
    scores: averageScores(each),
    details: describeHeldOut(repeats, groups, random.fork("details")),
    repeats,
    perFold,
    folds: perFold.map(({ repeat, fold }) => {
      const own = folds.filter((one) => one.repeat === repeat)[fold] as (typeof folds)[number]; // as in perFold
      return { repeat, fold, nTrain: own.train.length, nTest: own.test.length, heldOut: own.heldOut };
    }),
    remarks: [...remarks],
  };
}

type FilledRows = CrossValidationRepeat & {
  readonly [K in "neighbourBaseline" | "pit" | "crps"]: Float64Array;
};

/** Rows of one repeat, yet to be predicted, and for each fold where its test rows stand among them. */
function emptyRows(
  y: Float64Array,
  holdOuts: readonly HoldOut[],
): { readonly rows: FilledRows; readonly places: readonly Int32Array[] } {
  const entries = holdOuts.flatMap(({ test }, fold) => Array.from(test, (row, at) => ({ row, fold, at })));
  entries.sort((a, b) => a.row - b.row || a.fold - b.fold);
  const places = holdOuts.map(({ test }) => new Int32Array(test.length));
  for (const [place, { fold, at }] of entries.entries()) (places[fold] as Int32Array)[at] = place; // one per hold-out
  const empty = (): Float64Array => new Float64Array(entries.length).fill(Number.NaN);
  const row = Int32Array.from(entries, (entry) => entry.row);
  return {
    rows: {
      actual: Float64Array.from(row, (i) => y[i] as number), // a row of y
      predicted: empty(),
      lower: empty(),
      upper: empty(),
      meanBaseline: empty(),
      medianBaseline: empty(),
      neighbourBaseline: empty(),
      pit: empty(),
      crps: empty(),
      row,
      fold: Int32Array.from(entries, (entry) => entry.fold),
    },
    places,
  };
}

/** Puts the predictions of a fold where its rows are, with the baselines of its training rows. */
function recordFold(
  { train, test, repeat }: HoldOut,
  result: FoldResult,
  y: Float64Array,
  rows: FilledRows,
  places: Int32Array,
  fold: number,
): FoldScores {
  const trained = Float64Array.from(train, (i) => y[i] as number); // rows of y
  const mean = meanOf(trained);
  const median = medianOf(trained);
  let absolute = 0;
  let square = 0;
  for (const [at, i] of test.entries()) {
    const predicted = result.predicted[at] as number; // one per test row, here and below
    const place = places[at] as number;
    rows.predicted[place] = predicted;
    rows.lower[place] = result.lower?.[at] ?? Number.NaN;
    rows.upper[place] = result.upper?.[at] ?? Number.NaN;
    rows.pit[place] = result.pit?.[at] ?? Number.NaN;
    rows.crps[place] = result.crps?.[at] ?? Number.NaN;
    rows.neighbourBaseline[place] = result.neighbour?.[at] ?? Number.NaN;
    rows.meanBaseline[place] = mean;
    rows.medianBaseline[place] = median;
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
