import type { RunContext, Serialized, Targets } from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { fitRanks, rankedPredictor, rankFeatures } from "./rankedPredictor.ts";

/**
 * A learner that sees the rank of each feature among the training rows, 0 … 1, in place of its value. Distances then do not
 * depend on whether an amount varies by thousandths or by halves, as in tables of alloys, nor on outliers; like trees it does
 * not extrapolate. Ranks between training values are interpolated. Missing values are refused.
 *
 * The held-out predictions are those of the learner inside, for the ranks of all rows.
 *
 * @param learner - such as a Gaussian process, whose distances gain by it
 * @throws nothing itself; `fit` throws ShapeError for several targets or rows that differ in number, DomainError for values that are
 * missing or infinite, DataError for fewer than two rows or groups, IncompatibleError for noise variances that the learner does not
 * use, and what the learner inside throws
 * @example
 * const ranked = createRanked(createGaussianProcess({ covariance: { kind: "matern12" } }));
 * const model = await ranked.fit(x, y, { random: createRandom(1) });
 */
export function createRanked(learner: ForwardLearner): ForwardLearner {
  const supports = new Set([...learner.supports].filter((capability) => capability !== "missing"));
  return {
    supports,
    module: import.meta.url,
    async fit(x, y: Targets, run: RunContext): Promise<ForwardModel> {
      const rows = checkTraining("ranked", x, y, false, { usesNoiseVariance: supports.has("noiseVariance") });
      const ranks = fitRanks(x);
      const features = x.features.map((feature) => ({ ...feature, unit: "" }));
      const inner = await learner.fit({ ...rankFeatures(ranks, x), features }, y, run);
      const { heldOut } = inner;
      return createForwardModel({
        predictor: rankedPredictor(ranks, inner.predictor),
        features: x.features,
        unit: inner.unit,
        level: inner.level,
        calibration: heldOut === undefined ? undefined : calibrate(rows.y, heldOut.mean, heldOut.variance),
        heldOut,
        report: inner.report,
      });
    },
    toJSON(): Serialized {
      return {
        type: "materiome/ranked-learner",
        version: 1,
        params: { learner: { ...learner.toJSON() } },
        state: null,
      };
    },
  };
}
