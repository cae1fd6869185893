import {
  createRandom,
  type Random,
  type Regressor,
  type RunContext,
  shuffle,
  type Table,
  takeTableRows,
} from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import { clusterBootstrap } from "../validation/clusterBootstrap.ts";
import type { CrossValidation } from "../validation/crossValidate.ts";
import { type FoldRows, fitFolds } from "../validation/fitFold.ts";
import { meanOf } from "../validation/scores.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import type { TargetRows } from "./scoreTarget.ts";

/** Error on the same held-out rows, learnt from so many rows. In the target's unit. */
export interface LearningPoint {
  /** Mean over the folds. */
  readonly nTrain: number;
  /** Groups in those rows; rows where there are no groups. */
  readonly nGroups: number;
  readonly mae: number;
  /** 95 % bootstrap interval, whole groups drawn. */
  readonly maeCi: readonly [number, number];
}

/** Held-out error against the number of training rows. */
export interface TargetLearningCurve {
  /** By rising number of rows; the last has all training rows of the folds. */
  readonly points: readonly LearningPoint[];
  /** Rows held out, the same at each point, and the folds they are from. */
  readonly nTest: number;
  readonly nFolds: number;
  /** Error with all training rows less that with half of them, and its 95 % bootstrap interval: below 0, more rows still help. */
  readonly lastStep: number;
  readonly lastStepCi: readonly [number, number];
}

/** Shares of the training groups that are kept. All of them were fitted for the scores. */
const SHARES = [1 / 8, 1 / 4, 1 / 2];
/** What the curve costs where all folds of a share run side by side, in searches of full size. */
export const CURVE_TURNS: number = SHARES.reduce((sum, share) => sum + share, 0);
/** Folds looked at: together with the shares, about a third of what the scores cost. */
export const CURVE_FOLDS = 4;
export const CURVE_SEARCHES: number = SHARES.length * CURVE_FOLDS;
const FEWEST_ROWS = 8;
const FEWEST_GROUPS = 4;

export interface TargetLearningCurveOptions {
  readonly validation: CrossValidation;
  readonly level: number;
  readonly run: RunContext;
}

/**
 * Fits the learner to an eighth, a quarter and a half of the training groups of the first folds of a validation and scores it on
 * the rows that these hold out; the error with all of them comes from the validation. Smaller sets are parts of larger ones.
 *
 * @returns null where half of the training rows are too few to learn from
 */
export async function targetLearningCurve(
  { table, targets }: TargetRows,
  learner: Regressor,
  fitFeatures: (rows: Table, run: RunContext) => Promise<TableEncoder>,
  options: TargetLearningCurveOptions,
): Promise<TargetLearningCurve | null> {
  const { validation, level, run } = options;
  const y = targets.values.data;
  const first = validation.repeats[0] as CrossValidation["repeats"][number]; // at least one repeat
  const nFolds = Math.min(CURVE_FOLDS, 1 + Math.max(...first.fold));
  const folds = Array.from({ length: nFolds }, (_, k) => {
    const test = first.row.filter((_row, i) => first.fold[i] === k);
    const train = first.row.filter((_row, i) => first.fold[i] !== k);
    return { test, order: drawGroups(train, targets.groups, run.random.fork("order").fork(k)) };
  });
  const steps = SHARES.map((share) => folds.map(({ order }) => takeShare(order, share)));
  const used = steps.filter((sets) => sets.every((set) => isEnough(set, y)));
  if (used.length === 0) return null;
  const tests = Int32Array.from(folds.flatMap(({ test }) => Array.from(test)));
  const clusters = tests.map((row) => targets.groups?.[row] ?? row);
  const errors: Float64Array[] = [];
  for (const [s, sets] of used.entries()) {
    const parts: FoldRows[] = [];
    for (const [k, { test }] of folds.entries()) {
      const train = rowsOf(sets[k] as readonly number[][]); // one set per fold
      const trainTable = takeTableRows(table, train);
      const key = run.random.fork("fit").fork(s).fork(k).key;
      const encoder = await fitFeatures(trainTable, { ...run, random: createRandom(key).fork("features") });
      parts.push({
        train: encoder.encode(trainTable),
        targets: takeTargets(targets, train),
        test: encoder.encode(takeTableRows(table, test)),
        key,
        level,
        actual: Float64Array.from(test, (i) => y[i] as number), // a row of y, here and below
      });
    }
    const onProgress: RunContext["onProgress"] = ({ done, total }) =>
      run.onProgress?.({ stage: "learning curve", done: s + done / Math.max(1, total), total: used.length });
    const results = await fitFolds(learner, parts, { ...run, onProgress });
    const predicted = results.flatMap((result) => Array.from(result.predicted));
    errors.push(Float64Array.from(tests, (row, i) => Math.abs((predicted[i] as number) - (y[row] as number))));
  }
  const whole = new Map(Array.from(first.row, (row, i) => [row, first.predicted[i] as number]));
  errors.push(Float64Array.from(tests, (row) => Math.abs((whole.get(row) as number) - (y[row] as number))));
  const sets = [...used, folds.map(({ order }) => order)];
  const random = run.random.fork("bootstrap");
  const [half, all] = errors.slice(-2) as [Float64Array, Float64Array]; // at least one set, and all rows
  return {
    points: errors.map((error, s) => {
      const own = sets[s] as readonly (readonly number[][])[]; // one per error
      return {
        nTrain: meanOf(own.map((set) => rowsOf(set).length)),
        nGroups: meanOf(own.map((set) => set.length)),
        mae: meanOf(error),
        maeCi: clusterBootstrap([error], (sums, count) => (sums[0] as number) / count, {
          groups: clusters,
          random: random.fork(s),
        }),
      };
    }),
    nTest: tests.length,
    nFolds,
    lastStep: meanOf(all) - meanOf(half),
    lastStepCi: clusterBootstrap(
      [all.map((e, i) => e - (half[i] as number))],
      (sums, count) => (sums[0] as number) / count,
      {
        groups: clusters,
        random: random.fork("last step"),
      },
    ),
  };
}

/** Rows of each group, groups in random order. */
function drawGroups(train: Int32Array, groups: Int32Array | undefined, random: Random): readonly number[][] {
  const members = new Map<number, number[]>();
  for (const row of train) {
    const code = groups?.[row] ?? row;
    const own = members.get(code);
    if (own === undefined) members.set(code, [row]);
    else own.push(row);
  }
  const lists = [...members.values()];
  return Array.from(shuffle(lists.length, random), (k) => lists[k] as number[]); // k < length
}

function takeShare(order: readonly number[][], share: number): readonly number[][] {
  return order.slice(0, Math.round(share * order.length));
}

function rowsOf(set: readonly number[][]): Int32Array {
  return Int32Array.from(set.flat()).sort();
}

function isEnough(set: readonly number[][], y: Float64Array): boolean {
  const rows = set.flat();
  return (
    set.length >= FEWEST_GROUPS && rows.length >= FEWEST_ROWS && rows.some((row) => y[row] !== y[rows[0] as number])
  ); // at least one row
}
