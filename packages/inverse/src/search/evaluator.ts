import {
  type AbortLike,
  DataError,
  IncompatibleError,
  type Matrix,
  type Prediction,
  type PredictiveDistribution,
  type TableModel,
} from "@materiome/core";
import { type Point, settingsOf, tableOfPoints } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Limits } from "../spec/limits.ts";
import { jointProbability } from "./jointProbability.ts";

/** What the model says of one point. */
export interface Evaluated {
  readonly point: Point;
  /** Probability that a new measurement meets every spec, by which the point is judged: corrected where a correction is given. */
  readonly probability: number;
  /** How far the means (corrected likewise) are inside the limits, in standard deviations of the measured targets; the worst of them. */
  readonly margin: number;
  readonly inDomain: boolean;
  readonly domainScore: number;
  /** Predicted mean per spec. */
  readonly means: readonly number[];
}

export type Evaluate = (points: readonly Point[]) => Promise<readonly Evaluated[]>;

export interface EvaluatorOptions {
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  /** Between the errors of the targets, [limits.length, limits.length]. @defaultValue none: taken as independent */
  readonly correlation?: Matrix | undefined;
  /** What takes optimism back. @defaultValue none: points are judged by what the model predicts */
  readonly correction?: Correction | undefined;
}

/** Takes back how much too good predictions are, target by target. */
export interface Correction {
  /** By how much the mean of a target is expected to move from what is predicted. */
  shift(target: string, mean: number): number;
  /**
   * Share of the predicted probability of an interval that is to be kept.
   *
   * @param halfWidth - in standard deviations of the prediction
   */
  kept(target: string, halfWidth: number): number;
}

/**
 * Predicts points of a space in one batch each and weighs them against the limits.
 *
 * @throws IncompatibleError if the model gives no predictive distribution or no domain
 * @throws DataError if it predicts no number
 */
export function createEvaluator(
  model: TableModel,
  space: SearchSpace,
  limits: readonly Limits[],
  scales: readonly number[],
  options: EvaluatorOptions,
): Evaluate {
  return async (points) => {
    if (points.length === 0) return [];
    const prediction = await model.predict(tableOfPoints(space, points), options);
    const { distribution, domain } = requireUncertainty(prediction);
    return points.map((point, row) => {
      const means = limits.map((limit) => meanOf(prediction, row, limit.column));
      const probability = judgedProbability(distribution, row, limits, { ...options, means });
      if (!(probability >= 0 && means.every(Number.isFinite))) {
        throw new DataError(
          `invert: the model predicts ${means.join(", ")} with probability ${probability} at ${settingsText(space, point)}`,
        );
      }
      return {
        point,
        probability,
        margin: limits.reduce((least, limit, k) => {
          const mean = means[k] ?? Number.NaN;
          const shift = options.correction?.shift(limit.target, mean) ?? 0;
          return Math.min(least, marginOf(mean + shift, limit) / (scales[k] ?? 1));
        }, Number.POSITIVE_INFINITY),
        inDomain: domain.inDomain[row] === 1,
        domainScore: domain.score[row] ?? Number.NaN,
        means,
      };
    });
  };
}

function settingsText(space: SearchSpace, point: Point): string {
  return settingsOf(space, point)
    .map(({ name, value, unit }) => `${name} = ${value} ${unit}`.trim())
    .join(", ");
}

/** The parts of a prediction that inverse design cannot do without. */
export function requireUncertainty(prediction: Prediction): {
  readonly distribution: PredictiveDistribution;
  readonly domain: NonNullable<Prediction["domain"]>;
} {
  const { distribution, domain } = prediction;
  if (distribution === undefined) {
    throw new IncompatibleError(
      "invert: the model gives no predictive distribution, so no probability of meeting a spec",
    );
  }
  if (domain === undefined) {
    throw new IncompatibleError("invert: the model does not say where it knows; suggestions could not be checked");
  }
  return { distribution, domain };
}

/**
 * Probability of a new measurement meeting all limits at once: with the correlation a Gaussian copula, else the product.
 *
 * @param shifts - by how much each target is moved before it is compared
 */
export function probabilityOfAll(
  distribution: PredictiveDistribution,
  row: number,
  limits: readonly Limits[],
  correlation: Matrix | undefined,
  shifts: readonly number[] = [],
): number {
  const ends = limits.map((limit, k) => endsOf(distribution, row, limit, shifts[k]));
  if (correlation !== undefined && correlation.rows === limits.length) return jointProbability(ends, correlation);
  return ends.reduce((p, { below, upTo }) => p * Math.min(1, Math.max(0, upTo - below)), 1);
}

/** {@link probabilityOfAll} after the correction, where one is given. */
export function judgedProbability(
  distribution: PredictiveDistribution,
  row: number,
  limits: readonly Limits[],
  { means, correlation, correction }: EvaluatorOptions & { readonly means: readonly number[] },
): number {
  if (correction === undefined) return probabilityOfAll(distribution, row, limits, correlation);
  const shifts = limits.map(({ target }, k) => correction.shift(target, means[k] ?? Number.NaN));
  const kept = limits.reduce((share, { target, column, low, high }) => {
    if (!Number.isFinite(high - low)) return share;
    const deviation = (distribution.quantile(row, column, 0.8413) - distribution.quantile(row, column, 0.1587)) / 2;
    return share * correction.kept(target, (high - low) / 2 / deviation);
  }, 1);
  return kept * probabilityOfAll(distribution, row, limits, correlation, shifts);
}

/** P(low ≤ Y ≤ high) of a new measurement. */
export function probabilityWithin(distribution: PredictiveDistribution, row: number, limit: Limits): number {
  const { below, upTo } = endsOf(distribution, row, limit);
  return Math.min(1, Math.max(0, upTo - below));
}

function endsOf(
  distribution: PredictiveDistribution,
  row: number,
  { column, low, high }: Limits,
  shift = 0,
): { readonly below: number; readonly upTo: number } {
  return {
    below: low === Number.NEGATIVE_INFINITY ? 0 : distribution.cdf(row, column, low - shift),
    upTo: high === Number.POSITIVE_INFINITY ? 1 : distribution.cdf(row, column, high - shift),
  };
}

export function meanOf(prediction: Prediction, row: number, column: number): number {
  return prediction.mean.data[row * prediction.mean.columns + column] ?? Number.NaN;
}

function marginOf(mean: number, limit: Limits): number {
  return Math.min(mean - limit.low, limit.high - mean);
}
