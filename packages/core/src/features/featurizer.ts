import type { Targets } from "../learner/learner.ts";
import type { Portable } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { RunContext } from "../run/run.ts";
import type { RowNames } from "./nonFinite.ts";

/** Fitted map from rows of `T` to numbers; what was learned while fitting (categories, means) is frozen in it. */
export interface Encoder<T> extends Portable {
  readonly outputs: readonly Feature[];
  encode(rows: T): FeatureMatrix;
  /** Derivative of the outputs by the numeric inputs at one row, shape [nOutputs, nInputs]. */
  jacobian?(rows: T, row: number): Matrix;
}

/** How features are fitted. */
export interface FitContext extends RunContext {
  /**
   * Measured values of the same rows, one row each (NaN where a target is not measured): for steps that select features by
   * what they say about the target. Rows that will be held out must not be among them.
   */
  readonly targets?: Targets | undefined;
  /** The table that the rows stand in, for messages. */
  readonly rows?: RowNames | undefined;
}

/** Turns samples into features: `precheck` lists what is wrong with the input before any work, `fit` learns on training rows only. */
export interface Featurizer<T> {
  readonly citations: readonly string[];
  precheck(rows: T): readonly string[];
  fit(rows: T, context: FitContext): Promise<Encoder<T>>;
}

/** Reads stored encoders of the named types: what the `module` of an encoder exports as `reader`. */
export interface EncoderReader<T> {
  readonly types: readonly string[];
  read(data: unknown): Promise<Encoder<T>>;
}
