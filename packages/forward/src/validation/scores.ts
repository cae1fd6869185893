import { DataError, type Random, ShapeError } from "@materiome/core";
import { clusterBootstrap } from "./clusterBootstrap.ts";

/** Held-out predictions of one target, each array [nSamples]. */
export interface HeldOutRows {
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  /** NaN where the learner gives no interval. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Mean and median of the training targets of the row's fold. */
  readonly meanBaseline: Float64Array;
  readonly medianBaseline: Float64Array;
  /** Target of the nearest training row; absent where the features were not looked at. */
  readonly neighbourBaseline?: Float64Array | undefined;
  /** F(y) of the predictive distribution; absent without one. */
  readonly pit?: Float64Array | undefined;
  /** Continuous ranked probability score; absent without a predictive distribution. */
  readonly crps?: Float64Array | undefined;
}

/** Scores of held-out predictions; errors in target units. Interval scores are null without intervals. */
export interface Scores {
  readonly n: number;
  readonly mae: number;
  /** 95 % percentile bootstrap interval of the mean absolute error; whole groups are drawn where there are groups. */
  readonly maeCi: readonly [number, number];
  readonly rmse: number;
  readonly r2: number;
  readonly meanBaselineMae: number;
  readonly medianBaselineMae: number;
  readonly coverage: number | null;
  readonly meanIntervalWidth: number | null;
  readonly intervalScore: number | null;
}

export interface ScoreOptions {
  /** Level of the intervals. */
  readonly level: number;
  readonly groups?: Int32Array | undefined;
  /** Draws the bootstrap samples. */
  readonly random: Random;
  /** @defaultValue 1000 */
  readonly nBootstrap?: number | undefined;
}

/**
 * Scores held-out predictions.
 *
 * R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over all rows; coverage = share of rows with lower ≤ y ≤ upper; interval score =
 * mean of (u − l) + 2/(1 − level) · (l − y)₊ + 2/(1 − level) · (y − u)₊.
 *
 * @throws ShapeError if the arrays differ in length
 * @throws DataError if there are fewer than 2 rows, or the target is constant
 * @see Gneiting & Raftery, J. Am. Stat. Assoc. 102, 359 (2007), eq. 43, doi:10.1198/016214506000001437
 * @example
 * const { mae, maeCi, r2 } = scoreHeldOut(rows, { level: 0.9, groups, random: createRandom(1) });
 */
export function scoreHeldOut(rows: HeldOutRows, options: ScoreOptions): Scores {
  const { actual, predicted, lower, upper, meanBaseline, medianBaseline } = rows;
  const n = actual.length;
  for (const [name, values] of Object.entries(rows) as [string, Float64Array | undefined][]) {
    if (values !== undefined && values.length !== n)
      throw new ShapeError(`scoreHeldOut: ${n} measured rows but ${values.length} in ${name}`);
  }
  if (n < 2) throw new DataError(`scoreHeldOut: expected at least 2 rows, got ${n}`);
  const centre = meanOf(actual);
  const errors = actual.map((y, i) => Math.abs(y - (predicted[i] as number))); // same length, here and below
  const squares = meanOf(errors.map((e) => e * e));
  const variance = meanOf(actual.map((y) => (y - centre) ** 2));
  if (variance === 0)
    throw new DataError(`scoreHeldOut: the target is constant (${centre}), so there is nothing to score`);
  const hasIntervals = lower.every(Number.isFinite) && upper.every(Number.isFinite);
  const penalty = 2 / (1 - options.level);
  const low = (i: number): number => lower[i] as number;
  const high = (i: number): number => upper[i] as number;
  return {
    n,
    mae: meanOf(errors),
    maeCi: clusterBootstrap([errors], (sums, count) => (sums[0] as number) / count, options), // one column
    rmse: Math.sqrt(squares),
    r2: 1 - squares / variance,
    meanBaselineMae: meanOf(actual.map((y, i) => Math.abs(y - (meanBaseline[i] as number)))),
    medianBaselineMae: meanOf(actual.map((y, i) => Math.abs(y - (medianBaseline[i] as number)))),
    coverage: hasIntervals ? meanOf(actual.map((y, i) => (low(i) <= y && y <= high(i) ? 1 : 0))) : null,
    meanIntervalWidth: hasIntervals ? meanOf(actual.map((_, i) => high(i) - low(i))) : null,
    intervalScore: hasIntervals
      ? meanOf(
          actual.map(
            (y, i) => high(i) - low(i) + penalty * Math.max(0, low(i) - y) + penalty * Math.max(0, y - high(i)),
          ),
        )
      : null,
  };
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number; // i < length
  return sum / values.length;
}

export function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}
