import { DomainError } from "@materiome/core";
import { studentQuantile } from "@materiome/core/numerics";

export interface FieldsNeededOptions {
  /** Half width of the interval wanted, percent of the mean. @defaultValue 10 */
  readonly relativeAccuracyPct?: number | undefined;
  /** @defaultValue 0.95 */
  readonly level?: number | undefined;
  /** Fewest fields the standard allows. @defaultValue 5 */
  readonly atLeast?: number | undefined;
}

/** What ASTM E112 asks for: at least five fields, and a relative accuracy of 10 %. */
export const FIELDS_WANTED = 5;
export const ACCURACY_WANTED_PCT = 10;

/**
 * Fields to measure for a wanted relative accuracy, at the scatter seen so far: the smallest n with
 * t(n − 1) · s / √n ≤ %RA · mean / 100.
 *
 * @param mean - over the fields measured; > 0
 * @param std - their standard deviation s; 0 or more
 * @throws DomainError for values or options out of range
 * @see ASTM E112-13 §15; E562-19 (number of fields); the t quantile is that of the n asked for, not the 2 of the first estimate
 * @example
 * fieldsNeeded(10, 1); // 7
 */
export function fieldsNeeded(mean: number, std: number, options: FieldsNeededOptions = {}): number {
  const { relativeAccuracyPct = ACCURACY_WANTED_PCT, level = 0.95, atLeast = FIELDS_WANTED } = options;
  if (!(mean > 0 && std >= 0 && Number.isFinite(mean) && Number.isFinite(std))) {
    throw new DomainError(`fieldsNeeded: needs mean > 0 and std ≥ 0, got ${mean} and ${std}`);
  }
  if (!(relativeAccuracyPct > 0 && level > 0 && level < 1 && Number.isSafeInteger(atLeast) && atLeast >= 2)) {
    throw new DomainError(
      `fieldsNeeded: needs relativeAccuracyPct > 0, level in (0, 1) and atLeast ≥ 2, got ${relativeAccuracyPct}, ${level}, ${atLeast}`,
    );
  }
  const isEnough = (n: number): boolean =>
    (studentQuantile((1 + level) / 2, n - 1) * std) / Math.sqrt(n) <= (relativeAccuracyPct / 100) * mean;
  let high = atLeast;
  while (!isEnough(high)) high *= 2;
  let low = Math.max(atLeast, Math.floor(high / 2));
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
