import {
  DataError,
  DomainError,
  type FeatureMatrix,
  type Random,
  type Regressor,
  type RunContext,
  shuffle,
  type Targets,
} from "@materiome/core";
import { type CrossValidateOptions, type CrossValidation, crossValidate } from "./crossValidate.ts";
import { comparePredictions, type PairedErrors } from "./pairedTests.ts";
import { meanOf } from "./scores.ts";
import type { HoldOut, Splitter } from "./splitter.ts";

export interface LearningCurvePoint {
  /** Rows asked for; whole groups are added until there are as many. */
  readonly size: number;
  /** Mean number of rows trained on. */
  readonly nTrain: number;
  /** Scores, with interval and baselines, on the same held-out rows at every size. */
  readonly validation: CrossValidation;
}

export interface LearningCurve {
  /** By rising size; smaller training sets are parts of larger ones. */
  readonly points: readonly LearningCurvePoint[];
  /** b of the mean absolute error ∝ n^−b, by least squares of the logarithms; null where an error is 0. */
  readonly exponent: number | null;
  /** Error of the last size minus that of the one before: an interval below 0 says that more rows still help. */
  readonly lastStep: PairedErrors;
}

export interface LearningCurveOptions extends CrossValidateOptions {
  readonly splitter: Splitter;
  readonly run: RunContext;
  /** Rows to train on, at least 2 sizes. @defaultValue all, a half, a quarter … of the smallest training set, down to 10, at most 5 */
  readonly sizes?: readonly number[] | undefined;
}

const FEWEST_ROWS = 10;
const MOST_SIZES = 5;

/**
 * Held-out error against the number of training rows: says whether more data would help. Each fold tests the same rows at
 * every size and draws its training rows, whole groups, from those of the fold; `repeats` draws both anew.
 *
 * @throws DomainError for fewer than 2 sizes or one below 2; DataError for a size above the smallest training set, or
 * fewer than 20 rows where none are given
 * @example
 * const { points, lastStep } = await learningCurve(createRandomForest(), x, y, {
 *   splitter: groupKFold(5), repeats: 3, run: { random: createRandom(1) },
 * });
 */
export async function learningCurve(
  learner: Regressor,
  x: FeatureMatrix,
  y: Targets,
  options: LearningCurveOptions,
): Promise<LearningCurve> {
  const { splitter, run, sizes: asked, ...rest } = options;
  const rows = { nRows: x.rows, x, groups: y.groups, target: y.values.data };
  const trial = splitter.plan(rows, run.random.fork("repeat").fork(0).fork("split"));
  const most = Math.min(...trial.holdOuts.map(({ train }) => train.length));
  const sizes = checkSizes(asked ?? halvings(most), most);
  const points: LearningCurvePoint[] = [];
  for (const [k, size] of sizes.entries()) {
    const onProgress: RunContext["onProgress"] = ({ done, total }) =>
      run.onProgress?.({ stage: "sizes", done: k + done / Math.max(1, total), total: sizes.length });
    const validation = await crossValidate(learner, x, y, fewerRows(splitter, size), { ...run, onProgress }, rest);
    points.push({ size, nTrain: meanOf(validation.folds.map(({ nTrain }) => nTrain)), validation });
  }
  const [before, last] = points.slice(-2) as [LearningCurvePoint, LearningCurvePoint]; // at least 2 sizes
  return {
    points,
    exponent: exponentOf(points),
    lastStep: comparePredictions(last.validation, before.validation, {
      groups: y.groups,
      random: run.random.fork("last step"),
    }),
  };
}

function halvings(most: number): number[] {
  const sizes: number[] = [];
  for (let size = most; size >= FEWEST_ROWS && sizes.length < MOST_SIZES; size = Math.floor(size / 2))
    sizes.unshift(size);
  if (sizes.length < 2) {
    throw new DataError(
      `learningCurve: a training set of ${most} rows is too small to halve (fewer than ${FEWEST_ROWS} would be left); give sizes`,
    );
  }
  return sizes;
}

function checkSizes(sizes: readonly number[], most: number): number[] {
  const sorted = [...new Set(sizes)].sort((a, b) => a - b);
  if (sorted.length < 2 || sorted.some((size) => !(Number.isInteger(size) && size >= 2))) {
    throw new DomainError(
      `learningCurve: expected at least 2 different sizes, whole numbers from 2 on, got ${sizes.join(", ")}`,
    );
  }
  const largest = sorted.at(-1) as number; // at least 2
  if (largest > most) {
    throw new DataError(
      `learningCurve: size ${largest} exceeds the smallest training set of ${most} rows; use at most that`,
    );
  }
  return sorted;
}

/** The same split with training rows left out: whole groups, in an order that does not depend on the size, until there are enough. */
function fewerRows(splitter: Splitter, size: number): Splitter {
  return {
    kind: splitter.kind,
    plan(rows, random) {
      const { holdOuts, remarks } = splitter.plan(rows, random);
      return {
        holdOuts: holdOuts.map((one, k) => ({
          ...one,
          train: drawRows(one, rows.groups, size, random.fork("training rows").fork(k)),
        })),
        remarks,
      };
    },
  };
}

function drawRows({ train }: HoldOut, groups: Int32Array | undefined, size: number, random: Random): Int32Array {
  const members = new Map<number, number[]>();
  for (const row of train) {
    const code = groups?.[row] ?? row;
    members.set(code, [...(members.get(code) ?? []), row]);
  }
  const lists = [...members.values()];
  const kept: number[] = [];
  let nGroups = 0;
  for (const k of shuffle(lists.length, random)) {
    if (kept.length >= size && nGroups >= 2) break;
    kept.push(...(lists[k] as number[])); // k < length
    nGroups++;
  }
  return Int32Array.from(kept).sort();
}

function exponentOf(points: readonly LearningCurvePoint[]): number | null {
  const logs = points.map(({ nTrain, validation }) => [Math.log(nTrain), Math.log(validation.scores.mae)] as const);
  if (logs.some(([, error]) => !Number.isFinite(error))) return null;
  const [centre, middle] = [meanOf(logs.map(([n]) => n)), meanOf(logs.map(([, error]) => error))];
  let [cross, square] = [0, 0];
  for (const [n, error] of logs) {
    cross += (n - centre) * (error - middle);
    square += (n - centre) ** 2;
  }
  return square > 0 ? -cross / square : null;
}
