import type { Matrix } from "../matrix/matrix.ts";

/** Applicability domain of predicted rows: flag, score (higher is stranger; above 1 is outside) and reason. */
export interface Domain {
  readonly inDomain: Uint8Array;
  readonly score: Float64Array;
  /** Why the row is outside; undefined for a row inside. */
  reason(row: number): string | undefined;
}

/** Distribution of a new measurement for each row and target; `cdf` and `quantile` are inverse to each other. */
export interface PredictiveDistribution {
  /** Probability that a new measurement is at most `value` (target units). */
  cdf(row: number, target: number, value: number): number;
  /** Value not exceeded with probability `p`, 0 < p < 1. */
  quantile(row: number, target: number, p: number): number;
}

/**
 * Predicted values, shape [nSamples, nTargets], in target units.
 * `std` says which uncertainty it is: `epistemic` (of the mean) or `total` (of a new measurement).
 * `lower` and `upper` bound a new measurement with probability `level`.
 */
export interface Prediction {
  readonly kind: "regression";
  readonly mean: Matrix;
  readonly std?: Matrix | undefined;
  readonly lower?: Matrix | undefined;
  readonly upper?: Matrix | undefined;
  readonly level?: number | undefined;
  readonly uncertainty?: "epistemic" | "total" | undefined;
  readonly distribution?: PredictiveDistribution | undefined;
  readonly domain?: Domain | undefined;
}

/** Class probabilities, shape [nSamples, nClasses], rows sum to 1. */
export interface ClassPrediction {
  readonly kind: "classification";
  readonly probabilities: Matrix;
  readonly labels: readonly string[];
  readonly domain?: Domain | undefined;
}
