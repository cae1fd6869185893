import type { Json, Matrix } from "@materiome/core";

/** Means [nSamples] and the variances among members (or of the mean) that scale the intervals. */
export interface Estimates {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What learns and predicts inside a {@link RegressionModel}, without units, intervals or names. */
export interface Predictor {
  readonly kind: string;
  readonly allowsMissing: boolean;
  estimate(x: Matrix): Estimates;
  /** Plain JSON, read back by `readPredictor`. */
  encode(): { readonly [key: string]: Json };
}
