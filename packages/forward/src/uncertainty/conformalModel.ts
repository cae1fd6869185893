import {
  DomainError,
  decodeArray,
  encodeArray,
  type Feature,
  type FeatureMatrix,
  FormatError,
  IncompatibleError,
  type Json,
  type Matrix,
  type ModelReader,
  type Prediction,
  type RegressionModel,
  type RunContext,
  type Serialized,
  type SyncPredict,
} from "@materiome/core";
import type { HeldOut } from "../learner/regressionModel.ts";
import { checkFeatures, isFeature, openStored } from "../learner/storedModel.ts";
import { type ConformalScores, conformalQuantile } from "./conformalBounds.ts";

const TYPE = "materiome/conformal";
const VERSION = 1;

/** What the errors of held-out rows are measured in. */
export type ConformalScore = "absolute" | "normalised" | "quantile";

/** Features whose values make the classes that are calibrated apart. */
export interface ConformalClasses {
  readonly features: readonly string[];
  /** Ascending cuts of a numeric feature; none: each value is a class. */
  readonly edges: readonly number[];
}

/** A model with conformal intervals. Predictions carry `lower`, `upper` and `level`, and no distribution. */
export interface ConformalModel extends RegressionModel, SyncPredict<Prediction> {
  readonly features: readonly Feature[];
  readonly unit: string;
  readonly level: number;
  /** Predictions of the training rows by models that saw neither the row nor its group; NaN where there was none. */
  readonly heldOut: HeldOut;
  /** Calibration rows (or groups) of each class. */
  readonly report: Json;
}

export interface ConformalParts {
  readonly features: readonly Feature[];
  readonly unit: string;
  readonly level: number;
  readonly score: ConformalScore;
  readonly classes: ConformalClasses;
  /** Gives the mean. */
  readonly point: RegressionModel;
  /** Held out the calibration rows; undefined: `point` did. */
  readonly members: readonly RegressionModel[] | undefined;
  readonly calibrated: ReadonlyMap<string, ConformalScores>;
  readonly heldOut: HeldOut;
}

/** What a model says of some rows, as the scores need it. */
export interface ConformalBase {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly scale: Float64Array;
}

export function createConformalModel(parts: ConformalParts): ConformalModel {
  const { features, unit, level, score, classes, point, members, calibrated, heldOut } = parts;
  const own = members ?? [point];
  const assemble = (x: Matrix, centre: Prediction, predictions: readonly Prediction[]): Prediction => {
    const bases = predictions.map((prediction) => baseOf(prediction, score, level));
    const rows = x.rows;
    const lower = new Float64Array(rows);
    const upper = new Float64Array(rows);
    for (const [i, key] of classesOf("predict", { ...x, features }, classes).entries()) {
      const scores = calibrated.get(key);
      if (scores === undefined) {
        throw new DomainError(
          `predict: row ${i} is of class ${describeClass(classes, key)}, of which no row was calibrated; known: ${[...calibrated.keys()].map((known) => describeClass(classes, known)).join(", ")}`,
        );
      }
      [lower[i], upper[i]] = boundsOf(i, bases, scores, level);
    }
    const column = (data: Float64Array): Matrix => ({ rows, columns: 1, data });
    return {
      kind: "regression",
      mean: centre.mean,
      lower: column(lower),
      upper: column(upper),
      level,
      uncertainty: "total",
    };
  };
  const predictSync = (x: Matrix): Prediction => {
    checkFeatures(features, x);
    const predict = (model: RegressionModel): Prediction => {
      const { predictSync: now } = model as Partial<SyncPredict<Prediction>>;
      if (now === undefined)
        throw new IncompatibleError("predictSync: the model inside predicts only with a promise; use predict");
      return now(x);
    };
    const centre = predict(point);
    return assemble(x, centre, members === undefined ? [centre] : own.map(predict));
  };
  return {
    features,
    unit,
    level,
    heldOut,
    report: Array.from(calibrated, ([key, { nUnits, score: values }]) => ({
      class: describeClass(classes, key),
      units: nUnits,
      rows: values.length,
    })),
    module: import.meta.url,
    predictSync,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<Prediction> {
      run?.signal?.throwIfAborted();
      checkFeatures(features, x);
      const centre = await point.predict(x, run);
      if (members === undefined) return assemble(x, centre, [centre]);
      const predictions: Prediction[] = [];
      for (const model of members) predictions.push(await model.predict(x, run));
      return assemble(x, centre, predictions);
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: {
          unit,
          level,
          score,
          features: features.map(({ name, unit, source }) => ({ name, unit, source })),
          classes: { features: classes.features, edges: classes.edges },
        },
        state: {
          point: { ...point.toJSON() },
          members: members === undefined ? null : members.map((model) => ({ ...model.toJSON() })),
          calibrated: Array.from(calibrated, ([key, scores]) => ({
            key,
            member: encodeArray(scores.member),
            score: encodeArray(scores.score),
            weight: encodeArray(scores.weight),
            nUnits: scores.nUnits,
          })),
          heldOut: { mean: encodeArray(heldOut.mean), variance: encodeArray(heldOut.variance) },
        },
      };
    },
  };
}

/** @throws IncompatibleError where the prediction lacks what the score needs */
export function baseOf(prediction: Prediction, score: ConformalScore, level: number): ConformalBase {
  const { mean, std, lower, upper, distribution } = prediction;
  const one = new Float64Array(mean.rows).fill(1);
  if (score === "absolute") return { low: mean.data, high: mean.data, scale: one };
  if (score === "normalised") {
    if (std === undefined) {
      throw new IncompatibleError(
        'conformal: the learner gives no standard deviation to normalise by; use score "absolute"',
      );
    }
    const zero = std.data.findIndex((value) => !(value > 0));
    if (zero >= 0) {
      throw new DomainError(
        `conformal: the standard deviation of row ${zero} is ${std.data[zero]}, so errors cannot be measured in it; use score "absolute"`,
      );
    }
    return { low: mean.data, high: mean.data, scale: std.data };
  }
  const quantile = (p: number): Float64Array | undefined =>
    distribution && mean.data.map((_, i) => distribution.quantile(i, 0, p));
  const isSameLevel = prediction.level !== undefined && Math.abs(prediction.level - level) < 1e-9;
  const low = quantile((1 - level) / 2) ?? (isSameLevel ? lower?.data : undefined);
  const high = quantile((1 + level) / 2) ?? (isSameLevel ? upper?.data : undefined);
  if (low === undefined || high === undefined) {
    throw new IncompatibleError(
      `conformal: the learner gives no quantiles of level ${level}; use one with a distribution or intervals of that level, or score "absolute"`,
    );
  }
  return { low, high, scale: one };
}

/** Interval of one row. */
function boundsOf(
  row: number,
  bases: readonly ConformalBase[],
  { member, score, weight, nUnits }: ConformalScores,
  level: number,
): [number, number] {
  const at = (k: number): ConformalBase => bases[member[k] as number] as ConformalBase; // a member for each score
  const above = score.map((s, k) => (at(k).high[row] as number) + (at(k).scale[row] as number) * s);
  const below = score.map((s, k) => (at(k).scale[row] as number) * s - (at(k).low[row] as number));
  const high = conformalQuantile(above, weight, nUnits, level);
  const low = -conformalQuantile(below, weight, nUnits, level);
  // Quantiles drawn in beyond each other leave nothing: the point between them covers no less.
  return low <= high ? [low, high] : [(low + high) / 2, (low + high) / 2];
}

/**
 * Class of each row: its values of the features that make classes, or their place among the cuts.
 *
 * @throws IncompatibleError for a feature that is not there; DomainError where it is missing
 */
export function classesOf(caller: string, x: FeatureMatrix, { features, edges }: ConformalClasses): string[] {
  const columns = features.map((name) => {
    const f = x.features.findIndex((feature) => feature.name === name);
    if (f < 0) {
      throw new IncompatibleError(
        `${caller}: there is no feature "${name}" to calibrate by; there are ${x.features
          .map((feature) => feature.name)
          .slice(0, 8)
          .join(", ")}`,
      );
    }
    return f;
  });
  return Array.from({ length: x.rows }, (_, i) =>
    columns
      .map((f) => {
        const value = x.data[i * x.columns + f] as number; // f < columns
        if (Number.isNaN(value)) {
          throw new DomainError(
            `${caller}: feature "${x.features[f]?.name}", which tells the class that row ${i} is calibrated with, is missing there; fill it in, or calibrate by another feature`,
          );
        }
        return edges.length === 0 ? value : edges.filter((edge) => value >= edge).length;
      })
      .join(" "),
  );
}

export function describeClass({ features, edges }: ConformalClasses, key: string): string {
  if (features.length === 0) return "all";
  const values = key.split(" ");
  if (edges.length === 0) return features.map((name, k) => `${name} = ${values[k]}`).join(", ");
  const bin = Number(key);
  const [low, high] = [edges[bin - 1], edges[bin]];
  if (low === undefined) return `${features[0]} below ${high}`;
  return high === undefined ? `${features[0]} from ${low}` : `${features[0]} ${low} to ${high}`;
}

/** Reads models of `createConformal`; the models inside are read by `nested`. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown, nested: ModelReader): Promise<ConformalModel> {
    const { params, state } = openStored(data, TYPE, VERSION);
    const { unit, level, score, features, classes } = params;
    const { point, members, calibrated, heldOut } = state;
    const by = (classes ?? {}) as Partial<ConformalClasses>;
    const held = (heldOut ?? {}) as { mean?: unknown; variance?: unknown };
    if (
      typeof unit !== "string" ||
      typeof level !== "number" ||
      (score !== "absolute" && score !== "normalised" && score !== "quantile") ||
      !Array.isArray(features) ||
      !features.every(isFeature) ||
      !Array.isArray(by.features) ||
      !Array.isArray(by.edges) ||
      !(members === null || Array.isArray(members)) ||
      !Array.isArray(calibrated)
    ) {
      throw new FormatError("conformal model: settings or scores are missing; the file is damaged, train again");
    }
    const models: RegressionModel[] = [];
    for (const stored of members ?? []) models.push((await nested.read(stored, nested)) as RegressionModel);
    const nModels = members === null ? 1 : models.length;
    return createConformalModel({
      features,
      unit,
      level,
      score,
      classes: { features: by.features, edges: by.edges },
      point: (await nested.read(point, nested)) as RegressionModel,
      members: members === null ? undefined : models,
      calibrated: new Map(calibrated.map((entry) => decodeScores(entry, nModels))),
      heldOut: { mean: decodeArray(held.mean, "f64"), variance: decodeArray(held.variance, "f64") },
    });
  },
};

function decodeScores(data: unknown, nModels: number): [string, ConformalScores] {
  const { key, nUnits, ...arrays } = (data ?? {}) as { readonly [key: string]: unknown };
  const member = decodeArray(arrays["member"], "i32");
  const score = decodeArray(arrays["score"], "f64");
  const weight = decodeArray(arrays["weight"], "f64");
  if (
    typeof key !== "string" ||
    typeof nUnits !== "number" ||
    member.length !== score.length ||
    weight.length !== score.length ||
    member.some((m) => m < 0 || m >= nModels)
  ) {
    throw new FormatError("conformal model: the stored scores are damaged; train again");
  }
  return [key, { member, score, weight, nUnits }];
}
