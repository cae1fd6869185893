import { DataError, DomainError, IncompatibleError, type Random } from "@materiome/core";
import { studentCdf, studentQuantile } from "@materiome/core/numerics";
import { clusterBootstrap } from "./clusterBootstrap.ts";
import type { CrossValidation } from "./crossValidate.ts";
import { meanOf } from "./scores.ts";

/** Mean difference of scores over the folds, with a 95 % interval. */
export interface ResampledDifference {
  /** Mean over the folds. */
  readonly difference: number;
  readonly interval: readonly [number, number];
  /** Two-sided: probability of as large a difference between equally good learners. */
  readonly p: number;
  readonly df: number;
}

/**
 * Corrected resampled t-test: folds share training rows, so their scores are not independent; the variance of the mean of J
 * differences is taken as (1/J + nTest/nTrain) s² instead of s²/J, with J − 1 degrees of freedom.
 *
 * @param differences - score of one learner minus that of the other, one per fold and repeat
 * @param testShare - nTest / nTrain
 * @throws DataError for fewer than 2 folds; DomainError for differences that are not finite or a share not above 0
 * @see Nadeau & Bengio, Mach. Learn. 52, 239 (2003), doi:10.1023/A:1024068626366
 * @example
 * correctedResampledT([2, 1, 3], 0.5).difference; // 2
 */
export function correctedResampledT(differences: readonly number[], testShare: number): ResampledDifference {
  const n = differences.length;
  if (n < 2)
    throw new DataError(`correctedResampledT: expected at least 2 folds, got ${n}; split into more, or repeat`);
  if (!differences.every(Number.isFinite) || !(testShare > 0 && testShare < Number.POSITIVE_INFINITY)) {
    throw new DomainError("correctedResampledT: expected finite differences and nTest / nTrain above 0");
  }
  const difference = meanOf(differences);
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (n - 1);
  const error = Math.sqrt((1 / n + testShare) * variance);
  const df = n - 1;
  const half = studentQuantile(0.975, df) * error;
  const p = error > 0 ? 2 * studentCdf(-Math.abs(difference) / error, df) : difference === 0 ? 1 : 0;
  return { difference, interval: [difference - half, difference + half], p, df };
}

/** How much the error of one set of predictions exceeds that of another on the same held-out rows. */
export interface PairedDifference {
  /** Error of the first minus that of the second, over all held-out rows; below 0: the first is better. */
  readonly difference: number;
  /** The same as a share of the second's error. */
  readonly relative: number;
  /**
   * 95 % interval of `relative` over the folds: the ratio of two sums over folds varies by what the first's error departs from its
   * share of the second's, A_k − R B_k, so that a fold whose targets scatter more does not count against a learner that follows them.
   * Variance corrected for shared training rows, as in {@link correctedResampledT}. Null for a single fold, or where the second is never wrong.
   *
   * @see Cochran, Sampling Techniques, 3rd ed., Wiley (1977), chapter 6: the variance of a ratio of sums
   */
  readonly relativeInterval: readonly [number, number] | null;
  /** 95 % bootstrap interval, whole groups of rows drawn; of these models, not of others fitted to other rows. */
  readonly bootstrapInterval: readonly [number, number];
  /** Over the folds, which also vary the training rows; null for a single fold. */
  readonly resampled: ResampledDifference | null;
}

export interface PairedErrors {
  readonly mae: PairedDifference;
  readonly rmse: PairedDifference;
}

/** What is compared: the predictions of the learner, or one of the baselines beside them. */
export type Forecast = "predicted" | "meanBaseline" | "medianBaseline" | "neighbourBaseline";

export interface ComparePredictionsOptions {
  /** Group of each row of the table. @defaultValue each row its own */
  readonly groups?: Int32Array | undefined;
  readonly random: Random;
  /** What to compare of the first and of the second. @defaultValue predictions of both */
  readonly forecasts?: readonly [Forecast, Forecast] | undefined;
}

/**
 * Compares two cross-validations of the same folds, row by row.
 *
 * @throws IncompatibleError if the folds differ, or a forecast is missing
 * @example
 * const { mae } = comparePredictions(forest, ridge, { groups: y.groups, random: createRandom(1) });
 * const isBetter = mae.bootstrapInterval[1] < 0;
 */
export function comparePredictions(
  first: CrossValidation,
  second: CrossValidation,
  options: ComparePredictionsOptions,
): PairedErrors {
  const { groups, random, forecasts = ["predicted", "predicted"] } = options;
  const a = gather(first, forecasts[0]);
  const b = gather(second, forecasts[1]);
  if (a.key !== b.key) {
    throw new IncompatibleError(
      "comparePredictions: the two were not scored on the same folds; use the same splitter and seed, or compareModels",
    );
  }
  const clusters = a.row.map((row) => groups?.[row] ?? row);
  const share = meanOf(first.folds.map(({ nTest, nTrain }) => nTest / nTrain));
  const pair = (
    x: Float64Array,
    y: Float64Array,
    finish: (mean: number) => number,
    label: string,
  ): PairedDifference => {
    const gap = (sums: Float64Array, count: number): number =>
      finish((sums[0] as number) / count) - finish((sums[1] as number) / count); // two columns
    const difference = finish(meanOf(x)) - finish(meanOf(y));
    const sums = foldSums(a.fold, x, y);
    const ratios = ratioInterval(sums, share);
    const perFold = sums.map((own) => finish(own.x / own.n) - finish(own.y / own.n));
    return {
      difference,
      relative: difference / finish(meanOf(y)),
      bootstrapInterval: clusterBootstrap([x, y], gap, { groups: clusters, random: random.fork(label) }),
      relativeInterval: ratios === undefined ? null : [finish(ratios[0]) - 1, finish(ratios[1]) - 1],
      resampled: perFold.length < 2 ? null : correctedResampledT(perFold, share),
    };
  };
  const squares = (errors: Float64Array): Float64Array => errors.map((e) => e * e);
  return {
    mae: pair(a.errors, b.errors, (mean) => mean, "mae"),
    rmse: pair(squares(a.errors), squares(b.errors), Math.sqrt, "rmse"),
  };
}

interface Gathered {
  readonly row: Int32Array;
  /** Fold counted over all repeats. */
  readonly fold: Int32Array;
  readonly errors: Float64Array;
  readonly key: string;
}

function gather({ repeats }: CrossValidation, forecast: Forecast): Gathered {
  const row: number[] = [];
  const fold: number[] = [];
  const errors: number[] = [];
  let nFolds = 0;
  for (const rows of repeats) {
    const values = rows[forecast];
    let most = -1;
    for (const [i, y] of rows.actual.entries()) {
      row.push(rows.row[i] as number); // one per entry, here and below
      fold.push(nFolds + (rows.fold[i] as number));
      most = Math.max(most, rows.fold[i] as number);
      errors.push(Math.abs(y - (values?.[i] ?? Number.NaN)));
    }
    nFolds += most + 1;
  }
  const missing = errors.findIndex((error) => !Number.isFinite(error));
  if (missing >= 0) {
    throw new IncompatibleError(
      `comparePredictions: there is no ${forecast} of row ${row[missing]}; compare another forecast`,
    );
  }
  return {
    row: Int32Array.from(row),
    fold: Int32Array.from(fold),
    errors: Float64Array.from(errors),
    key: `${row.join()};${fold.join()}`,
  };
}

interface FoldSums {
  readonly x: number;
  readonly y: number;
  readonly n: number;
}

function foldSums(fold: Int32Array, x: Float64Array, y: Float64Array): readonly FoldSums[] {
  const sums = new Map<number, FoldSums>();
  for (const [i, k] of fold.entries()) {
    const own = sums.get(k) ?? { x: 0, y: 0, n: 0 };
    sums.set(k, { x: own.x + (x[i] as number), y: own.y + (y[i] as number), n: own.n + 1 }); // same length
  }
  return [...sums.values()];
}

/** Of the ratio of all x to all y, at least 0. */
function ratioInterval(sums: readonly FoldSums[], testShare: number): readonly [number, number] | undefined {
  const [meanX, meanY] = [meanOf(sums.map(({ x }) => x)), meanOf(sums.map(({ y }) => y))];
  if (sums.length < 2 || meanY === 0) return undefined;
  const ratio = meanX / meanY;
  const departures = sums.map(({ x, y }) => (x - ratio * y) / meanY);
  const [, half] = correctedResampledT(departures, testShare).interval; // around 0
  return [Math.max(0, ratio - half), ratio + half];
}
