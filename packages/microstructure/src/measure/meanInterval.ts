import { DataError, DomainError } from "@materiome/core";
import { studentQuantile } from "@materiome/core/numerics";

export interface MeanIntervalOptions {
  /** Probability that the interval covers the true mean. @defaultValue 0.95 */
  readonly level?: number | undefined;
}

export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  /** s, divided by n − 1; null for one value, as is what follows from it. */
  readonly std: number | null;
  /** t s / √n, the CI of the standards. */
  readonly halfWidth: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** %RA = 100 · CI / mean; null as well where the mean is not positive. */
  readonly relativeAccuracyPct: number | null;
}

/**
 * Mean of a measure over fields with its confidence interval by Student's t: CI = t(n − 1) · s / √n.
 *
 * @param values - one per field
 * @throws DataError without values, or for one that is not finite
 * @throws DomainError for a level outside (0, 1)
 * @see ASTM E112-13 §15; E1382-97, E562-19 and E1245-03 have the same formulas
 * @example
 * meanInterval([9, 10, 11]).halfWidth; // 4.3027 / √3
 */
export function meanInterval(values: readonly number[], options: MeanIntervalOptions = {}): MeanInterval {
  const level = options.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new DomainError(`meanInterval: level must lie in (0, 1), got ${level}`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (values.length === 0 || bad >= 0) {
    throw new DataError(
      values.length === 0
        ? "meanInterval: there are no values; measure at least one field"
        : `meanInterval: value ${bad + 1} of ${values.length} is ${values[bad]}; all must be finite`,
    );
  }
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { n, mean, std: null, halfWidth: null, ciLow: null, ciHigh: null, relativeAccuracyPct: null };
  const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
  const halfWidth = (studentQuantile((1 + level) / 2, n - 1) * std) / Math.sqrt(n);
  return {
    n,
    mean,
    std,
    halfWidth,
    ciLow: mean - halfWidth,
    ciHigh: mean + halfWidth,
    relativeAccuracyPct: mean > 0 ? (100 * halfWidth) / mean : null,
  };
}
