import { type Feature, type FeatureMatrix, IncompatibleError, type Targets } from "@materiome/core";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { NO_LINE, sourceValues, type TransferFit, transferPredictor, withColumn } from "./transferPredictor.ts";

/** The ways in which a source can help. */
export type TransferWay = "alone" | "source" | "residual" | "feature";

/** Name of the feature that holds the source's prediction; no table column has it. */
const FEATURE = "prediction of the source";

/**
 * The learner without the source, the source on a line fitted to the rows, the learner on what that line leaves, and the learner
 * with the source's prediction as one more feature.
 */
export function sourceMembers(
  caller: string,
  source: ForwardModel,
  learner: ForwardLearner,
): Readonly<Record<TransferWay, ForwardLearner>> {
  const member = (way: "source" | "residual" | "feature"): ForwardLearner => ({
    supports: learner.supports,
    module: import.meta.url,
    toJSON: () => ({ type: `materiome/transfer-${way}`, version: 1, params: null, state: null }),
    async fit(x, y, run) {
      const columns = columnsOf(caller, source.features, x.features);
      const told = sourceValues(source.predictor, columns, x);
      const from = { source: source.predictor, columns };
      const fitRest = async (rows: FeatureMatrix, values: Float64Array): Promise<ForwardModel> =>
        learner.fit(rows, { ...y, values: { ...y.values, data: values } }, run);
      if (way === "feature") {
        const extended = {
          ...withColumn(x, told),
          features: [...x.features, { name: FEATURE, unit: source.unit, source: [] }],
        };
        const rest = await fitRest(extended, y.values.data);
        return modelOf(x, y, { ...from, ...NO_LINE, rest: rest.predictor, isFeature: true });
      }
      const line = fitLine(told, y.values.data, y.weights);
      if (way === "source") return modelOf(x, y, { ...from, ...line, rest: undefined, isFeature: false });
      const left = y.values.data.map((value, i) => value - line.intercept - line.slope * (told[i] as number)); // one per row
      // The learner speaks of its own uncertainty; that of the line is in the held-out errors.
      const exact = { ...line, variance: 0, slopeVariance: 0 };
      const rest = await fitRest(x, left);
      return modelOf(x, y, { ...from, ...exact, rest: rest.predictor, isFeature: false });
    },
  });
  return { alone: learner, source: member("source"), residual: member("residual"), feature: member("feature") };
}

function modelOf(x: FeatureMatrix, y: Targets, fit: TransferFit): ForwardModel {
  return memberModel(transferPredictor(fit), x, y);
}

/** A member of a stack, which calibrates the whole. */
export function memberModel(predictor: Predictor, x: FeatureMatrix, y: Targets): ForwardModel {
  return createForwardModel({
    predictor,
    features: x.features,
    unit: y.units[0] ?? "",
    level: 0.9, // of intervals that it does not give
    calibration: undefined,
    heldOut: undefined,
    report: null,
  });
}

/** Where the features of the source stand among those of the rows. */
export function columnsOf(caller: string, wanted: readonly Feature[], given: readonly Feature[]): Int32Array {
  return Int32Array.from(wanted, ({ name, unit }) => {
    const at = given.findIndex((feature) => feature.name === name);
    if (at < 0) {
      throw new IncompatibleError(
        `${caller}: the source needs the feature "${name}", which the rows lack; encode both tables alike (composition features by name, not fractions of the elements that a table happens to hold)`,
      );
    }
    const found = given[at]?.unit ?? "";
    if (found !== unit) {
      throw new IncompatibleError(
        `${caller}: feature "${name}" is in ${found || "no unit"}, the source was trained with ${unit || "no unit"}; convert the column first`,
      );
    }
    return at;
  });
}

/** Weighted least squares of the target on the source's prediction; flat where that is constant. */
function fitLine(
  told: Float64Array,
  y: Float64Array,
  weights: Float64Array | undefined,
): Pick<TransferFit, "intercept" | "slope" | "centre" | "variance" | "slopeVariance"> {
  let [total, sumX, sumY] = [0, 0, 0];
  for (const [i, value] of y.entries()) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    sumX += weight * (told[i] as number); // one per row
    sumY += weight * value;
  }
  const [centre, mean] = [sumX / total, sumY / total];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [i, value] of y.entries()) {
    const weight = weights?.[i] ?? 1;
    const [a, b] = [(told[i] as number) - centre, value - mean];
    xx += weight * a * a;
    xy += weight * a * b;
    yy += weight * b * b;
  }
  const isFlat = !(xx > 1e-18 * total * centre * centre) || xx === 0;
  const slope = isFlat ? 0 : xy / xx;
  const free = y.length - (isFlat ? 1 : 2);
  const noise = free > 0 ? (Math.max(0, yy - slope * xy) / total) * (y.length / free) : 0;
  return {
    intercept: mean - slope * centre,
    slope,
    centre,
    variance: noise / y.length,
    slopeVariance: isFlat ? 0 : (noise * total) / y.length / xx,
  };
}
