import type { Feature, FeatureMatrix, RunContext, Serialized, Targets } from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { filledFeatures, fitFilling, markOf } from "./fitFilling.ts";
import { fillGaps, imputedPredictor } from "./imputedPredictor.ts";

/**
 * A learner that takes no missing values, on rows whose gaps hold the median of the training rows; for each pattern of gaps in
 * training (features of one column are missing together) a further feature says where (0 or 1), so that the learner can tell a
 * guess from a measurement. A feature without any value in training has 0 everywhere. A gap at prediction where training had none
 * gets the median without a mark: the domain check of a property model names such rows. `model.report` says what was filled.
 *
 * Medians and marks are learned by `fit` from the rows given, inside each fold of a cross-validation around it. The held-out
 * predictions are those of the learner inside, for the medians of all rows.
 *
 * @param learner - such as a Gaussian process or a linear model; one that takes missing values itself needs no filling
 * @throws nothing itself; `fit` throws ShapeError for several targets or rows that differ in number, DomainError for values that are
 * infinite and targets that are missing, DataError for fewer than two rows or groups, IncompatibleError for noise variances that the
 * learner does not use, and what the learner inside throws
 * @see Van Ness, Bosschieter, Halpin-Gregorio & Udell, KDD 2023, doi:10.1145/3580305.3599911 (on the marks)
 * @example
 * const learner = createImputed(createGaussianProcess());
 * const model = await learner.fit(x, y, { random: createRandom(1) }); // x may hold NaN
 */
export function createImputed(learner: ForwardLearner): ForwardLearner {
  const supports = new Set([...learner.supports, "missing" as const]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      const rows = checkTraining("imputed", x, y, true, { usesNoiseVariance: supports.has("noiseVariance") });
      const { filling, counts } = fitFilling(x);
      const features = [...x.features, ...Array.from(filling.marked, (f) => markOf(x.features[f] as Feature))]; // marked < d
      const inner = await learner.fit({ ...fillGaps(filling, x), features }, y, run);
      const { heldOut, report } = inner;
      return createForwardModel({
        predictor: imputedPredictor(filling, inner.predictor),
        features: x.features,
        unit: inner.unit,
        level: inner.level,
        calibration: heldOut === undefined ? undefined : calibrate(rows.y, heldOut.mean, heldOut.variance),
        heldOut,
        report: {
          filled: filledFeatures(x.features, filling, counts),
          learner: report ?? null,
        },
      });
    },
    toJSON(): Serialized {
      return {
        type: "materiome/imputed-learner",
        version: 1,
        params: { learner: { ...learner.toJSON() } },
        state: null,
      };
    },
  };
}
