import { DomainError } from "@materiome/core";
import {
  gammaGradients,
  huberGradients,
  pinballGradients,
  poissonGradients,
  squaredGradients,
} from "../kernels/index.ts";
import { weightedQuantile } from "./weightedQuantile.ts";

/** What a regression by boosting makes small. */
export type BoostingLoss = "squared" | "absolute" | "quantile" | "huber" | "poisson" | "gamma";

/** A loss as data, so that it crosses threads. */
export interface LossSettings {
  readonly loss: BoostingLoss;
  /** Level of the quantile loss. */
  readonly quantile: number;
  /** Share of the residuals that the Huber loss squares. */
  readonly huberShare: number;
}

/** Targets with their weights and the scores F before a round; the same rows in each. */
export interface LossRows {
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly scores: Float64Array;
}

/** One loss of the score F, whose prediction is F or, with the log link, exp F. */
export interface RegressionLoss {
  readonly link: "identity" | "log";
  /** Why a target cannot be had, or undefined. */
  refuses(y: number): string | undefined;
  /** Score that minimises the loss of all rows. */
  intercept(y: Float64Array, weights: Float64Array): number;
  /** Number that the gradients of a round depend on, learnt from some rows. */
  parameter(rows: LossRows, chosen: Int32Array): number;
  gradients(rows: LossRows, parameter: number, gradients: Float64Array, hessians: Float64Array): void;
  /** Step of a leaf before it is shrunk by `rate`; `newton` is −G / (H + l2). */
  readonly step:
    | ((rows: LossRows, leaf: Int32Array, newton: number, parameter: number, rate: number) => number)
    | undefined;
  /** Loss of one row of weight 1, by which rounds are chosen. */
  at(y: number, score: number): number;
}

const none = (): undefined => undefined;
const zero = (): number => 0;

/** The loss of that name. */
export function regressionLoss({ loss, quantile, huberShare }: LossSettings): RegressionLoss {
  switch (loss) {
    case "squared":
      return {
        link: "identity",
        refuses: none,
        intercept: weightedMean,
        parameter: zero,
        gradients: ({ y, weights, scores }, _, g, h) => squaredGradients(y.length, y, scores, weights, g, h),
        step: undefined,
        at: (y, score) => (y - score) ** 2,
      };
    case "absolute":
      return pinball(0.5);
    case "quantile":
      return pinball(quantile);
    case "huber":
      return {
        link: "identity",
        refuses: none,
        intercept: (y, weights) => weightedQuantile(y, uneven(weights), 0.5),
        parameter: (rows, chosen) => {
          const { residuals, weights } = residualsOf(rows, chosen);
          return weightedQuantile(residuals.map(Math.abs), uneven(weights), huberShare);
        },
        gradients: ({ y, weights, scores }, delta, g, h) => huberGradients(y.length, delta, y, scores, weights, g, h),
        step: (rows, leaf, _, delta) => {
          const { residuals, weights } = residualsOf(rows, leaf);
          const median = weightedQuantile(residuals, uneven(weights), 0.5);
          const beyond = residuals.map((r) => Math.sign(r - median) * Math.min(delta, Math.abs(r - median)));
          return median + weightedMean(beyond, weights);
        },
        at: (y, score) => Math.abs(y - score),
      };
    case "poisson":
      return {
        link: "log",
        refuses: (y) => (y < 0 ? "at least 0" : undefined),
        intercept: (y, weights) => logMean("poisson", y, weights),
        parameter: zero,
        gradients: ({ y, weights, scores }, _, g, h) => poissonGradients(y.length, y, scores, weights, g, h),
        step: ({ y, weights, scores }, leaf, newton, _, rate) => {
          let [measured, predicted] = [0, 0];
          for (const i of leaf) {
            const w = weights[i] as number; // rows of the data
            measured += w * (y[i] as number);
            predicted += w * Math.exp(scores[i] as number);
          }
          return within(newton, Math.log(measured / predicted), rate);
        },
        at: (y, score) => Math.exp(score) - y * score,
      };
    case "gamma":
      return {
        link: "log",
        refuses: (y) => (y > 0 ? undefined : "above 0"),
        intercept: (y, weights) => logMean("gamma", y, weights),
        parameter: zero,
        gradients: ({ y, weights, scores }, _, g, h) => gammaGradients(y.length, y, scores, weights, g, h),
        step: ({ y, weights, scores }, leaf, newton, _, rate) => {
          let [ratios, total] = [0, 0];
          for (const i of leaf) {
            const w = weights[i] as number; // rows of the data
            ratios += w * (y[i] as number) * Math.exp(-(scores[i] as number));
            total += w;
          }
          return within(newton, Math.log(ratios / total), rate);
        },
        at: (y, score) => y * Math.exp(-score) + score,
      };
  }
}

function pinball(p: number): RegressionLoss {
  return {
    link: "identity",
    refuses: none,
    intercept: (y, weights) => weightedQuantile(y, uneven(weights), p),
    parameter: zero,
    gradients: ({ y, weights, scores }, _, g, h) => pinballGradients(y.length, p, y, scores, weights, g, h),
    step: (rows, leaf) => {
      const { residuals, weights } = residualsOf(rows, leaf);
      return weightedQuantile(residuals, uneven(weights), p);
    },
    at: (y, score) => (y > score ? p * (y - score) : (1 - p) * (score - y)),
  };
}

/** A Newton step that, when shrunk, goes no further than to the leaf's own minimum, which lies on the same side of 0. */
function within(newton: number, most: number, rate: number): number {
  return rate * Math.abs(newton) <= Math.abs(most) ? newton : most / rate;
}

/** Undefined where all weights are equal. */
function uneven(weights: Float64Array): Float64Array | undefined {
  return weights.every((w) => w === weights[0]) ? undefined : weights;
}

function residualsOf(
  { y, weights, scores }: LossRows,
  rows: Int32Array,
): { readonly residuals: Float64Array; readonly weights: Float64Array } {
  // All arrays have an entry for each row of the data.
  const residuals = Float64Array.from(rows, (i) => (y[i] as number) - (scores[i] as number));
  return { residuals, weights: Float64Array.from(rows, (i) => weights[i] as number) };
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (const [i, value] of values.entries()) {
    sum += (weights[i] as number) * value; // same length
    total += weights[i] as number;
  }
  return sum / total;
}

function logMean(loss: string, y: Float64Array, weights: Float64Array): number {
  const mean = weightedMean(y, weights);
  if (!(mean > 0)) {
    throw new DomainError(
      `gradient boosting: loss "${loss}" has a log link, but all targets with a weight are 0; use loss "squared"`,
    );
  }
  return Math.log(mean);
}
