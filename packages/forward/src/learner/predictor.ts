import type { JointPosterior, Json, Matrix, PosteriorGradient } from "@materiome/core";
import type { MeanParts } from "../explain/meanParts.ts";

/** Means [nSamples] and the variances among members (or of the mean) that scale the intervals; NaN where nothing tells them. */
export interface Estimates {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What learns and predicts inside a {@link RegressionModel}, without units, intervals or names. */
export interface Predictor {
  readonly kind: string;
  readonly allowsMissing: boolean;
  estimate(x: Matrix): Estimates;
  /** The mean as a sum of parts that can be explained exactly; absent where there is no such form. */
  meanParts?(): MeanParts | undefined;
  /** Plain JSON, read back by `readPredictor`. */
  encode(): { readonly [key: string]: Json };
}

/** A predictor that knows how its predictions at several points go together, and which takes further rows without refitting. */
export interface ProcessPredictor extends Predictor, JointPosterior, PosteriorGradient {
  /** The predictor given further rows, `x` [m, d] and `y` [m] in target units. */
  condition(x: Matrix, y: Float64Array): ProcessPredictor;
}

export function isProcessPredictor(predictor: Predictor): predictor is ProcessPredictor {
  return typeof (predictor as Partial<ProcessPredictor>).posterior === "function";
}
