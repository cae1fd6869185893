import { FormatError, type Json, type Matrix } from "@materiome/core";
import { type ClassificationModel, readClassificationModel } from "../learner/classificationModel.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { type Calibration, decodeCalibration, encodeCalibration } from "../uncertainty/calibration.ts";
import { type ResidualDistribution, residualDistribution } from "../uncertainty/residualDistribution.ts";

export type HurdleStatistic = "mean" | "median";

/** A value that many rows share, the probability of it, and what the other rows follow. */
export interface HurdleFit {
  readonly value: number;
  readonly statistic: HurdleStatistic;
  /** Of the labels "other" and "value", in this order. */
  readonly gate: ClassificationModel;
  readonly rest: Predictor;
  /** How far rows of another value lie from `rest`. */
  readonly calibration: Calibration;
}

export function hurdlePredictor(fit: HurdleFit): Predictor {
  const { value, statistic, gate, rest, calibration } = fit;
  const residuals = residualDistribution(calibration.residuals, calibration.units);
  return {
    kind: "hurdle",
    allowsMissing: false,
    estimate(x: Matrix): Estimates {
      const { data: shares } = gate.predictSync(x).probabilities;
      const probability = Float64Array.from({ length: x.rows }, (_, i) => shares[2 * i + 1] as number); // two classes
      return mixEstimates(probability, rest.estimate(x), { value, statistic, calibration, residuals });
    },
    encode(): { [key: string]: Json } {
      return {
        kind: "hurdle",
        value,
        statistic,
        gate: { ...gate.toJSON() },
        rest: rest.encode(),
        calibration: encodeCalibration(calibration),
      };
    },
  };
}

export interface Mixing {
  readonly value: number;
  readonly statistic: HurdleStatistic;
  readonly calibration: Calibration;
  readonly residuals: ResidualDistribution;
}

/**
 * Mean or median, and variance, of the value with its probability p and otherwise of the rest: mean p a + (1 − p) μ, variance
 * p (1 − p)(μ − a)² + (1 − p) σ².
 */
export function mixEstimates(probability: Float64Array, rest: Estimates, mixing: Mixing): Estimates {
  const { value, statistic, calibration, residuals } = mixing;
  const mean = new Float64Array(probability.length);
  const variance = new Float64Array(probability.length);
  for (const [i, p] of probability.entries()) {
    const [centre, spread] = [rest.mean[i] as number, rest.variance[i] as number]; // one per row
    const scale = Math.sqrt(spread + calibration.floor);
    mean[i] =
      statistic === "mean"
        ? p * value + (1 - p) * centre
        : mixedMedian(
            p,
            value,
            (z) => residuals.cdf((z - centre) / scale),
            (q) => centre + scale * residuals.quantile(q),
          );
    variance[i] = p * (1 - p) * (centre - value) ** 2 + (1 - p) * (calibration.rms * scale) ** 2;
  }
  return { mean, variance };
}

/** Where p at `value` and 1 − p times a continuous distribution reach one half. */
function mixedMedian(p: number, value: number, cdf: (z: number) => number, quantile: (q: number) => number): number {
  const below = (1 - p) * cdf(value);
  if (below < 0.5 && below + p >= 0.5) return value;
  return below >= 0.5 ? quantile(0.5 / (1 - p)) : quantile((0.5 - p) / (1 - p));
}

/** @throws FormatError if the stored parts are damaged */
export function decodeHurdle(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (member: unknown, nFeatures: number) => Predictor,
): Predictor {
  const { value, statistic } = data;
  if (!Number.isFinite(value) || (statistic !== "mean" && statistic !== "median")) {
    throw new FormatError("hurdle: the stored value or statistic is damaged; train again");
  }
  const gate = readClassificationModel(data["gate"]);
  if (gate.labels.length !== 2 || gate.features.length !== nFeatures) {
    throw new FormatError("hurdle: the stored classifier does not fit the features; the file is damaged, train again");
  }
  return hurdlePredictor({
    value: value as number,
    statistic,
    gate,
    rest: read(data["rest"], nFeatures),
    calibration: decodeCalibration(data["calibration"]),
  });
}
