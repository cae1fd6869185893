import { DomainError } from "../errors/errors.ts";
import { logGamma } from "../numerics/special/gamma.ts";
import { betaInverseBoth, betaOfBoth } from "../numerics/special/incompleteBeta.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** From here on both distributions agree to the last digit, as far out as the normal one is above 0: t⁴ / 4 df < 1e-16. */
const NORMAL_FROM = 1e22;

/**
 * Student's t distribution function for `df` degrees of freedom, relative error below 1e-12, in both tails.
 *
 * @param df - degrees of freedom above 0, need not be whole; ∞ gives the normal distribution
 * @throws DomainError unless df > 0
 * @example
 * studentCdf(2.7764451051977987, 4); // 0.975
 */
export function studentCdf(t: number, df: number): number {
  if (!(df > 0)) throw new DomainError(`studentCdf: degrees of freedom must be positive, got ${df}`);
  if (Number.isNaN(t)) return Number.NaN;
  if (df > NORMAL_FROM) return normalCdf(t);
  return t < 0 ? upperTail(t, df) : 1 - upperTail(t, df);
}

/**
 * Student's t quantile: t with P(T ≤ t) = p, relative error below 1e-12. −∞ and ∞ where it is beyond the range of doubles
 * (few degrees of freedom, far tail).
 *
 * Through the inverse of the incomplete beta function: t² = df y / x with I_x(df / 2, ½) = 2p.
 *
 * @param p - 0 < p < 1; 0 and 1 give −∞ and ∞
 * @param df - degrees of freedom above 0; ∞ gives the normal quantile
 * @throws DomainError outside those ranges
 * @example
 * studentQuantile(0.975, 4); // 2.776445105…
 */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) throw new DomainError(`studentQuantile: p must lie in [0, 1], got ${p}`);
  if (!(df > 0)) throw new DomainError(`studentQuantile: degrees of freedom must be positive, got ${df}`);
  if (df > NORMAL_FROM) return normalQuantile(p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, df);
  return -Math.sqrt(df) * Math.exp(-0.5 * betaInverseBoth(2 * p, 1 - 2 * p, df / 2, 0.5).logit);
}

/** P(T > |t|). Whichever of x and 1 − x is small is computed directly, so that neither tail nor centre loses digits. */
function upperTail(t: number, df: number): number {
  const size = Math.abs(t);
  if (size > 1e140) return farTail(size, df);
  const square = t * t;
  const x = df / (df + square);
  const y = square / (df + square);
  return square < Math.min(1, df) ? 0.5 - 0.5 * betaOfBoth(y, x, 0.5, df / 2) : 0.5 * betaOfBoth(x, y, df / 2, 0.5);
}

/** The first term of the series in df / t²; the square would overflow. */
function farTail(t: number, df: number): number {
  const a = df / 2;
  const logBeta = logGamma(a) + logGamma(0.5) - logGamma(a + 0.5);
  return 0.5 * Math.exp(a * (Math.log(df) - 2 * Math.log(t)) - Math.log(a) - logBeta);
}
