import {
  type AbortLike,
  DataError,
  IncompatibleError,
  type Prediction,
  type PredictiveDistribution,
  type TableModel,
} from "@materiome/core";
import { type Point, settingsOf, tableOfPoints } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Limits } from "../spec/limits.ts";

/** What the model says of one point. */
export interface Evaluated {
  readonly point: Point;
  /** Probability that a new measurement meets every spec (targets taken as independent). */
  readonly probability: number;
  /** How far the means are inside the limits, in standard deviations of the measured targets; the worst of them. */
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
      const probability = limits.reduce((p, limit) => p * probabilityWithin(distribution, row, limit), 1);
      if (!(probability >= 0 && means.every(Number.isFinite))) {
        throw new DataError(
          `invert: the model predicts ${means.join(", ")} with probability ${probability} at ${settingsText(space, point)}`,
        );
      }
      return {
        point,
        probability,
        margin: limits.reduce(
          (least, limit, k) => Math.min(least, marginOf(means[k] ?? Number.NaN, limit) / (scales[k] ?? 1)),
          Number.POSITIVE_INFINITY,
        ),
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

/** P(low ≤ Y ≤ high) of a new measurement. */
export function probabilityWithin(distribution: PredictiveDistribution, row: number, limit: Limits): number {
  const above = limit.high === Number.POSITIVE_INFINITY ? 1 : distribution.cdf(row, limit.column, limit.high);
  const below = limit.low === Number.NEGATIVE_INFINITY ? 0 : distribution.cdf(row, limit.column, limit.low);
  return Math.min(1, Math.max(0, above - below));
}

export function meanOf(prediction: Prediction, row: number, column: number): number {
  return prediction.mean.data[row * prediction.mean.columns + column] ?? Number.NaN;
}

function marginOf(mean: number, limit: Limits): number {
  return Math.min(mean - limit.low, limit.high - mean);
}
