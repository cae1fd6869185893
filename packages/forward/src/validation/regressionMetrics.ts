import { DataError, DomainError, ShapeError } from "@materiome/core";
import { midRanks } from "./midRanks.ts";
import { meanOf, medianOf } from "./scores.ts";

/** Errors in target units. Correlations are null where measured or predicted values are all equal. */
export interface RegressionMetrics {
  readonly n: number;
  readonly mae: number;
  readonly rmse: number;
  readonly medianAbsoluteError: number;
  readonly maxAbsoluteError: number;
  /** Mean of predicted − measured. */
  readonly bias: number;
  /** 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; null for a constant target. */
  readonly r2: number | null;
  readonly pearson: number | null;
  /** Rank correlation; equal values share their mean rank. */
  readonly spearman: number | null;
}

/**
 * Errors and correlations of predictions.
 *
 * @throws ShapeError if the arrays differ in length; DataError for no rows; DomainError for values that are not finite
 * @example
 * regressionMetrics([1, 2, 4], [1, 3, 3]).medianAbsoluteError; // 1
 */
export function regressionMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionMetrics {
  const y = Float64Array.from(actual);
  const f = Float64Array.from(predicted);
  if (y.length !== f.length) {
    throw new ShapeError(`regressionMetrics: ${y.length} measured but ${f.length} predicted values; give one for each`);
  }
  if (y.length === 0) throw new DataError("regressionMetrics: expected at least one row, got none");
  if (!y.every(Number.isFinite) || !f.every(Number.isFinite)) {
    throw new DomainError("regressionMetrics: values must be finite; drop rows without a measurement or prediction");
  }
  const errors = f.map((value, i) => value - (y[i] as number)); // same length, here and below
  const sizes = errors.map(Math.abs);
  const squares = meanOf(errors.map((e) => e * e));
  const centre = meanOf(y);
  const variance = meanOf(y.map((value) => (value - centre) ** 2));
  return {
    n: y.length,
    mae: meanOf(sizes),
    rmse: Math.sqrt(squares),
    medianAbsoluteError: medianOf(sizes),
    maxAbsoluteError: sizes.reduce((most, size) => Math.max(most, size), 0),
    bias: meanOf(errors),
    r2: isConstant(y) ? null : 1 - squares / variance,
    pearson: correlation(y, f),
    spearman: correlation(midRanks(y), midRanks(f)),
  };
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function correlation(a: Float64Array, b: Float64Array): number | null {
  if (isConstant(a) || isConstant(b)) return null;
  const [p, q] = [deviations(a), deviations(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of p.entries()) {
    ab += value * (q[i] as number); // same length
    aa += value * value;
    bb += (q[i] as number) ** 2;
  }
  return Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))); // beyond 1 by rounding only
}

/** Deviations from the mean in units of the largest, whose squares are numbers whatever their size. */
function deviations(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  const from = values.map((value) => value - mean);
  const largest = from.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return from.map((value) => value / largest);
}
