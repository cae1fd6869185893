import {
  DataError,
  DomainError,
  type FeatureMatrix,
  type LearnerCapability,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { fromLogarithm, logarithmicPredictor } from "./logarithmicPredictor.ts";

export interface LogarithmicOptions {
  /** What is predicted: the median has the least absolute error, the mean the least squared one. @defaultValue "mean" */
  readonly statistic?: "mean" | "median" | undefined;
}

/**
 * A learner of the logarithm of a positive target that spans decades, whose errors grow with it: strengths over all temperatures, lives,
 * rates. Predictions are positive, and intervals widen in proportion.
 *
 * The median is exp(μ); the mean is that times Duan's smearing factor, the mean of exp(held-out residual of the logarithm). Held-out
 * predictions are those of the learner inside. Measurement variances are refused: they are of the target, not of its logarithm.
 *
 * @param learner - one that holds rows out, as forests, boosting, ridge and Gaussian processes do
 * @throws DomainError for another statistic; `fit` throws it for a target that is not above 0, naming the row, and DataError where the
 * learner held nothing out
 * @see N. Duan, J. Am. Stat. Assoc. 78, 605 (1983), doi:10.1080/01621459.1983.10478017
 * @example
 * const life = createLogarithmic(createRandomForest(), { statistic: "median" });
 */
export function createLogarithmic(learner: ForwardLearner, options: LogarithmicOptions = {}): ForwardLearner {
  const { statistic = "mean" } = options;
  const isKnown = statistic === "mean" || statistic === "median";
  optionCheck("createLogarithmic")("statistic", statistic, isKnown, '"mean" or "median"');
  const passed: readonly LearnerCapability[] = ["weights", "missing"];
  const supports = new Set(passed.filter((capability) => learner.supports.has(capability)));
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      const rows = checkTraining("logarithmic", x, y, supports.has("missing"));
      const data = logarithms(rows);
      const logs: Targets = { ...y, values: { rows: data.length, columns: 1, data }, units: [""] };
      const inner = await learner.fit(x, logs, run);
      if (inner.heldOut === undefined) {
        throw new DataError(
          "logarithmic: the learner held no rows out, so their scatter is not known; use one that does",
        );
      }
      const { floor } = calibrate(data, inner.heldOut.mean, inner.heldOut.variance);
      const factor = statistic === "median" ? 1 : smearingFactor(data, inner.heldOut, rows.weights);
      const heldOut = fromLogarithm(inner.heldOut, { factor, floor });
      return createForwardModel({
        predictor: logarithmicPredictor({ member: inner.predictor, factor, floor }),
        features: x.features,
        unit: rows.unit,
        level: inner.level,
        // The variances hold the whole scatter, in proportion to the prediction; a floor of all rows would drown small ones.
        calibration: calibrate(rows.y, heldOut.mean, heldOut.variance, { floor: 0 }),
        heldOut,
        report: { statistic, factor, learner: inner.report },
      });
    },
    toJSON(): Serialized {
      return {
        type: "materiome/logarithmic-learner",
        version: 1,
        params: { learner: { ...learner.toJSON() }, statistic },
        state: null,
      };
    },
  };
}

function logarithms({ y }: TrainingSet): Float64Array {
  return y.map((value, i) => {
    if (value > 0) return Math.log(value);
    throw new DomainError(
      `logarithmic: target of row ${i} is ${value}; its logarithm needs values above 0: use the learner itself, or createHurdle where many rows are 0`,
    );
  });
}

/** Weighted mean of exp(residual) over the rows with a held-out prediction. */
function smearingFactor(logs: Float64Array, { mean }: HeldOut, weights: Float64Array | undefined): number {
  let [sum, total] = [0, 0];
  for (const [i, log] of logs.entries()) {
    const residual = log - (mean[i] as number); // one per row
    if (Number.isNaN(residual)) continue;
    const weight = weights?.[i] ?? 1;
    sum += weight * Math.exp(residual);
    total += weight;
  }
  return sum / total;
}
