import type { Portable } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { RunContext } from "../run/run.ts";

/** Fitted map from rows of `T` to numbers; what was learned while fitting (categories, means) is frozen in it. */
export interface Encoder<T> extends Portable {
  readonly outputs: readonly Feature[];
  encode(rows: T): FeatureMatrix;
  /** Derivative of the outputs by the numeric inputs at one row, shape [nOutputs, nInputs]. */
  jacobian?(rows: T, row: number): Matrix;
}

/** Turns samples into features: `precheck` lists what is wrong with the input before any work, `fit` learns on training rows only. */
export interface Featurizer<T> {
  readonly citations: readonly string[];
  precheck(rows: T): readonly string[];
  fit(rows: T, run: RunContext): Promise<Encoder<T>>;
}

/** Reads stored encoders of the named types: what the `module` of an encoder exports as `reader`. */
export interface EncoderReader<T> {
  readonly types: readonly string[];
  read(data: unknown): Promise<Encoder<T>>;
}
