import { DomainError } from "../errors/errors.ts";
import { gammaP, gammaPInverse } from "../numerics/special/incompleteGamma.ts";

/**
 * χ² distribution function P(X ≤ x) = P(df/2, x/2), relative error below 1e-13.
 *
 * @param x - below 0 gives 0
 * @param df - degrees of freedom above 0, need not be whole
 * @throws DomainError unless df is above 0 and finite
 * @example
 * chiSquareCdf(3.841458820694124, 1); // 0.95
 */
export function chiSquareCdf(x: number, df: number): number {
  if (!(df > 0 && df < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`chiSquareCdf: degrees of freedom must be positive and finite, got ${df}`);
  }
  if (Number.isNaN(x)) return Number.NaN;
  return x <= 0 ? 0 : gammaP(df / 2, x / 2);
}

/**
 * χ² quantile: x with P(X ≤ x) = p.
 *
 * @param p - 0 … 1; 1 gives ∞
 * @param df - degrees of freedom above 0
 * @throws DomainError outside those ranges
 * @example
 * chiSquareQuantile(0.95, 1); // 3.841458820694124
 */
export function chiSquareQuantile(p: number, df: number): number {
  if (!(df > 0 && df < Number.POSITIVE_INFINITY && p >= 0 && p <= 1)) {
    throw new DomainError(`chiSquareQuantile: needs 0 ≤ p ≤ 1 and finite df > 0, got p = ${p}, df = ${df}`);
  }
  return 2 * gammaPInverse(df / 2, p);
}
