import { DataError, IncompatibleError } from "../../errors/errors.ts";
import { StoredReader } from "../../json/stored.ts";
import type { Json, Serialized } from "../../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../../matrix/matrix.ts";
import { nearestNames } from "../../text/nearestNames.ts";
import type { FitContext } from "../featurizer.ts";
import type { RowNames } from "../nonFinite.ts";

/** Something to do with features after they were computed: scale, impute, select, … Learns from training rows only. */
export interface FeatureStep {
  /** Literal name, such as "scale". */
  readonly name: string;
  readonly citations: readonly string[];
  fit(x: FeatureMatrix, context: FitContext): Promise<FittedStep>;
}

/** What a step learned, frozen. */
export interface FittedStep {
  readonly inputs: readonly Feature[];
  /** `source` of each names the table columns that it came from. */
  readonly outputs: readonly Feature[];
  /** What was done and why, one sentence each: features dropped, constants, explained variance. */
  readonly report: readonly string[];
  /**
   * @param x - features of the same names and units as were fitted, in the same order
   * @param rows - the table that the rows belong to, for messages
   */
  transform(x: FeatureMatrix, rows?: RowNames): FeatureMatrix;
  /** Derivative of the outputs by the inputs at one row of inputs, shape [nOutputs, nInputs]; 0 where a value is filled in. */
  jacobian(inputs: Float64Array): Matrix;
  toJSON(): Serialized;
}

export interface StepParts {
  readonly type: string;
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Feature[];
  readonly report: readonly string[];
  readonly params: { readonly [key: string]: Json };
  readonly state: { readonly [key: string]: Json };
  /** Writes rows × outputs. */
  apply(x: FeatureMatrix, out: Float64Array, rows: RowNames | undefined): void;
  /** Writes outputs × inputs into zeros. */
  differentiate(inputs: Float64Array, out: Float64Array): void;
}

export const STEP_VERSION = 1;

/** A fitted step from what it computes; checks inputs, allocates and stores. */
export function fittedStep(parts: StepParts): FittedStep {
  const { type, inputs, outputs, report, params, state } = parts;
  return {
    inputs,
    outputs,
    report,
    transform(x: FeatureMatrix, rows?: RowNames): FeatureMatrix {
      checkInputs(type, inputs, x);
      const data = new Float64Array(x.rows * outputs.length);
      parts.apply(x, data, rows);
      return { data, rows: x.rows, columns: outputs.length, features: outputs };
    },
    jacobian(row: Float64Array): Matrix {
      const data = new Float64Array(outputs.length * inputs.length);
      parts.differentiate(row, data);
      return { data, rows: outputs.length, columns: inputs.length };
    },
    toJSON: () => ({
      type,
      version: STEP_VERSION,
      params,
      state: { inputs: inputs.map(featureJson), report: [...report], ...state },
    }),
  };
}

export function featureJson({ name, unit, source }: Feature): Json {
  return { name, unit, source: [...source] };
}

/** What every stored step holds. */
export interface StoredStep {
  readonly inputs: readonly Feature[];
  readonly report: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
  readonly read: StoredReader;
}

export function readStoredStep(data: unknown, type: string): StoredStep {
  const read = new StoredReader("readFeatureStep");
  const { params, state } = read.header(data, type, [STEP_VERSION]);
  return {
    inputs: readFeatures(read, state["inputs"]),
    report: read.texts(state["report"], "state.report"),
    params,
    state,
    read,
  };
}

export function readFeatures(read: StoredReader, data: unknown): Feature[] {
  return read.list(data, "state.inputs").map((entry) => {
    const { name, unit, source } = read.record(entry, "a feature");
    return {
      name: read.text(name, "feature name"),
      unit: read.text(unit, "feature unit"),
      source: read.texts(source, "feature source"),
    };
  });
}

/** Indices of the named features; all of them if none are named. */
export function indicesOf(x: FeatureMatrix, names: readonly string[] | undefined, step: string): Int32Array {
  if (names === undefined) return Int32Array.from(x.features.keys());
  const index = new Map(x.features.map(({ name }, k) => [name, k]));
  const unknown = names.filter((name) => !index.has(name));
  if (unknown.length > 0) {
    const hints = unknown.map((name) => {
      const near = nearestNames(name, [...index.keys()], 1)[0];
      return near === undefined ? `"${name}"` : `"${name}" (did you mean "${near}"?)`;
    });
    throw new DataError(`${step}: there is no feature ${hints.join(", ")}`);
  }
  return Int32Array.from(names, (name) => index.get(name) as number); // all known
}

/** Every table column that any of the features came from, once, in order. */
export function sourcesOf(features: readonly Feature[]): string[] {
  return [...new Set(features.flatMap((feature) => feature.source))];
}

function checkInputs(type: string, inputs: readonly Feature[], x: FeatureMatrix): void {
  if (x.features === inputs) return;
  if (x.columns !== inputs.length) {
    throw new IncompatibleError(`${type}: fitted to ${inputs.length} features, got ${x.columns}`);
  }
  for (const [k, { name, unit }] of inputs.entries()) {
    const found = x.features[k];
    if (found?.name === name && found.unit === unit) continue;
    throw new IncompatibleError(
      `${type}: feature ${k + 1} was "${name}"${unit && ` in ${unit}`} when fitted, got "${found?.name}"${found?.unit && ` in ${found.unit}`}`,
    );
  }
}
