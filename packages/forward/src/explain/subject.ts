import type { FeatureMatrix, Matrix, RunContext, TargetInfo } from "@materiome/core";

/** One input of a model: what is known or unknown, shuffled or set as a whole. */
export interface SubjectInput {
  readonly name: string;
  readonly unit: string;
  /** Value in each row, NaN where missing; undefined for an input that is no single number. */
  readonly values: Float64Array | undefined;
  /** Value in each row as text, undefined where missing; undefined for numbers. */
  readonly texts: readonly (string | undefined)[] | undefined;
}

/** Values that an input takes instead of its own. */
export interface Setting {
  /** Index of an input that is a number. */
  readonly input: number;
  /** One for each row asked for. */
  readonly values: Float64Array;
}

/** How long work is run; results do not depend on it. */
export type ExplainRun = Omit<RunContext, "random">;

/** Rows as the model inside takes them, where each feature comes from one column. */
export interface EncodedInputs {
  readonly x: FeatureMatrix;
  /** Input of each feature. */
  readonly player: Int32Array;
  /** Inputs whose features are computed from them; those of others are the input itself or its labels. */
  readonly derived: readonly number[];
  predict(x: FeatureMatrix, run?: ExplainRun): Promise<Float64Array>;
}

/** A model that predicts one or several numbers for each row, beside rows, as a function of its inputs. */
export interface WideSubject {
  readonly target: TargetInfo;
  readonly inputs: readonly SubjectInput[];
  readonly nRows: number;
  /** Numbers that are predicted for each row; predictions are [n, nOutputs]. */
  readonly nOutputs: number;
  /** Undefined where features are computed from several columns, or the rows are features themselves. */
  readonly encoded?: EncodedInputs | undefined;
  /** Predictions of rows put together: input c of the k-th is that of row `sources[c][k]`. */
  mix(sources: readonly Int32Array[], run?: ExplainRun): Promise<Float64Array>;
  /** Predictions of `rows` with some inputs set to other numbers. */
  set(rows: Int32Array, settings: readonly Setting[], run?: ExplainRun): Promise<Float64Array>;
}

/**
 * A model of one target beside rows. Everything that changes inputs and looks at what is then predicted goes through this, whether
 * the rows are features or a table. Made by `matrixSubject` and `tableSubject`.
 */
export interface Subject extends WideSubject {
  readonly nOutputs: 1;
  /** Exact Shapley values of `rows` against the `background` rows, [rows, inputs], where the model has a closed form for them. */
  exact(rows: Int32Array, background: Int32Array, run?: ExplainRun): Promise<Matrix | undefined>;
}

/** Predictions of rows as they are. */
export function predictRows(subject: WideSubject, rows: Int32Array, run?: ExplainRun): Promise<Float64Array> {
  return subject.mix(
    subject.inputs.map(() => rows),
    run,
  );
}

/** One of the numbers predicted for each row. */
export function outputOf(predicted: Float64Array, nOutputs: number, output: number): Float64Array {
  if (nOutputs === 1) return predicted;
  return Float64Array.from(
    { length: predicted.length / nOutputs },
    (_, i) => predicted[i * nOutputs + output] as number,
  ); // < length
}
