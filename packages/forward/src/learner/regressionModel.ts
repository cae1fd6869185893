import {
  decodeArray,
  encodeArray,
  type Feature,
  type FeatureMatrix,
  FormatError,
  type Json,
  type Matrix,
  type ModelReader,
  type Prediction,
  type PredictiveDistribution,
  type RegressionModel,
  type RunContext,
  type Serialized,
  ShapeError,
  type SyncPredict,
} from "@materiome/core";
import { type Calibration, decodeCalibration, encodeCalibration } from "../uncertainty/calibration.ts";
import { type ResidualDistribution, residualDistribution } from "../uncertainty/residualDistribution.ts";
import { type ResidualScale, STABILISERS } from "../uncertainty/residualScale.ts";
import { checkInputs } from "./checkTraining.ts";
import { isProcessPredictor, type Predictor } from "./predictor.ts";
import { processCapabilities } from "./processCapabilities.ts";
import { readPredictor } from "./readPredictor.ts";
import { checkFeatures, isFeature, openStored } from "./storedModel.ts";

const TYPE = "materiome/regression";
const VERSION = 1;
/** Quantiles whose mean square distance from the mean is the variance of a skewed distribution. */
const STEPS = 100;

/** Predictions of the training rows by members that saw neither the row nor its group; NaN where there was none. */
export interface HeldOut {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * A fitted regression with calibrated uncertainty. `predict` gives the mean, the total standard deviation, an interval
 * of the level chosen when training and the predictive distribution, each [nSamples, 1] in target units.
 */
export interface ForwardModel extends RegressionModel, SyncPredict<Prediction> {
  readonly features: readonly Feature[];
  readonly unit: string;
  readonly level: number;
  /** Honest predictions of the training rows; undefined where the learner held nothing out. */
  readonly heldOut: HeldOut | undefined;
  /** The part that predicts, without units and intervals, as averages combine it. */
  readonly predictor: Predictor;
  /** What was tried and why this was chosen, for learners that choose; otherwise null. */
  readonly report: Json;
}

export interface ForwardModelParts {
  readonly predictor: Predictor;
  readonly features: readonly Feature[];
  readonly unit: string;
  readonly level: number;
  readonly calibration: Calibration | undefined;
  readonly heldOut: HeldOut | undefined;
  readonly report: Json;
}

export function createForwardModel(parts: ForwardModelParts): ForwardModel {
  const { predictor, features, unit, level, calibration, heldOut, report } = parts;
  const residuals =
    calibration === undefined ? undefined : residualDistribution(calibration.residuals, calibration.units);
  const predictSync = (x: Matrix): Prediction => {
    checkFeatures(features, x);
    checkInputs("predict", { ...x, features }, predictor.allowsMissing);
    const { mean, variance } = predictor.estimate(x);
    return predictionOf(mean, variance, level, calibration, residuals);
  };
  return {
    ...(isProcessPredictor(predictor)
      ? processCapabilities(features, predictor, (given) =>
          createForwardModel({ ...parts, predictor: given, heldOut: undefined }),
        )
      : {}),
    predictor,
    features,
    unit,
    level,
    heldOut,
    report,
    module: import.meta.url,
    predictSync,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<Prediction> {
      run?.signal?.throwIfAborted();
      return predictSync(x);
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: { unit, level, features: features.map(({ name, unit, source }) => ({ name, unit, source })) },
        state: {
          predictor: predictor.encode(),
          calibration: calibration === undefined ? null : encodeCalibration(calibration),
          heldOut:
            heldOut === undefined ? null : { mean: encodeArray(heldOut.mean), variance: encodeArray(heldOut.variance) },
          report,
        },
      };
    },
  };
}

function predictionOf(
  mean: Float64Array,
  variance: Float64Array,
  level: number,
  calibration: Calibration | undefined,
  residuals: ResidualDistribution | undefined,
): Prediction {
  const rows = mean.length;
  const column = (value: (i: number) => number): Matrix => ({
    rows,
    columns: 1,
    data: Float64Array.from({ length: rows }, (_, i) => value(i)),
  });
  const means: Matrix = { rows, columns: 1, data: mean };
  if (calibration === undefined || residuals === undefined) {
    if (variance.some(Number.isNaN)) return { kind: "regression", mean: means };
    return {
      kind: "regression",
      mean: means,
      std: column((i) => Math.sqrt(variance[i] as number)),
      uncertainty: "epistemic",
    };
  }
  if (calibration.scale !== undefined) return stabilised(mean, variance, level, calibration, residuals);
  const scale = variance.map((v) => Math.sqrt(v + calibration.floor));
  const low = residuals.quantile((1 - level) / 2);
  const high = residuals.quantile((1 + level) / 2);
  const distribution: PredictiveDistribution = {
    cdf: (row, _target, value) => residuals.cdf((value - at(mean, row)) / at(scale, row)),
    quantile: (row, _target, p) => at(mean, row) + at(scale, row) * residuals.quantile(p),
  };
  return {
    kind: "regression",
    mean: means,
    std: column((i) => calibration.rms * (scale[i] as number)),
    lower: column((i) => (mean[i] as number) + low * (scale[i] as number)),
    upper: column((i) => (mean[i] as number) + high * (scale[i] as number)),
    level,
    uncertainty: "total",
    distribution,
  };
}

/** Of residuals that were taken on another scale: quantiles are taken there, and turned back. */
function stabilised(
  mean: Float64Array,
  variance: Float64Array,
  level: number,
  { floor, scale: name }: Calibration,
  residuals: ResidualDistribution,
): Prediction {
  const { of, inverse, slope, holds } = STABILISERS[name as ResidualScale]; // given
  const centre = mean.map(of);
  const scale = variance.map((v, i) => Math.sqrt(v * slope(mean[i] as number) ** 2 + floor)); // one for each mean
  const quantile = (row: number, z: number): number => inverse(at(centre, row) + at(scale, row) * z);
  const ends = [residuals.quantile((1 - level) / 2), residuals.quantile((1 + level) / 2)] as const;
  const steps = Array.from({ length: STEPS }, (_, k) => residuals.quantile((k + 0.5) / STEPS));
  const column = (value: (i: number) => number): Matrix => ({
    ...{ rows: mean.length, columns: 1 },
    data: Float64Array.from(mean.keys(), value),
  });
  return {
    kind: "regression",
    mean: column((i) => mean[i] as number),
    std: column((i) =>
      Math.sqrt(steps.reduce((sum, z) => sum + (quantile(i, z) - (mean[i] as number)) ** 2, 0) / STEPS),
    ),
    lower: column((i) => quantile(i, ends[0])),
    upper: column((i) => quantile(i, ends[1])),
    level,
    uncertainty: "total",
    distribution: {
      cdf: (row, _target, value) => (holds(value) ? residuals.cdf((of(value) - at(centre, row)) / at(scale, row)) : 0),
      quantile: (row, _target, p) => quantile(row, residuals.quantile(p)),
    },
  };
}

function at(values: Float64Array, row: number): number {
  const value = values[row];
  if (value === undefined) throw new ShapeError(`distribution: row ${row} of a prediction with ${values.length} rows`);
  return value;
}

/** Reads models that the learners of this package have saved. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown): Promise<ForwardModel> {
    return readForwardModel(data);
  },
};

/**
 * @throws IncompatibleError for another type or version
 * @throws FormatError for a damaged file
 */
export function readForwardModel(data: unknown): ForwardModel {
  const { params, state } = openStored(data, TYPE, VERSION);
  const { unit, level, features } = params;
  const { predictor, calibration, heldOut, report } = state;
  if (typeof unit !== "string" || typeof level !== "number" || !Array.isArray(features) || !features.every(isFeature)) {
    throw new FormatError("model: unit, level or features are missing; the file is damaged, train again");
  }
  return createForwardModel({
    unit,
    level,
    features,
    predictor: readPredictor(predictor, features.length),
    calibration: calibration === null ? undefined : decodeCalibration(calibration),
    heldOut: heldOut === null ? undefined : decodeHeldOut(heldOut),
    report: (report ?? null) as Json,
  });
}

function decodeHeldOut(data: unknown): HeldOut {
  const { mean, variance } = (data ?? {}) as { mean?: unknown; variance?: unknown };
  return { mean: decodeArray(mean, "f64"), variance: decodeArray(variance, "f64") };
}
