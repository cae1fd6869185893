import { DomainError } from "../errors/errors.ts";
import { betaInverseBoth, betaOfBoth } from "../numerics/special/incompleteBeta.ts";
import { gammaP, gammaPInverse, gammaQ, gammaQInverse } from "../numerics/special/incompleteGamma.ts";

/**
 * Fisher's F distribution function for `df1` (numerator) and `df2` (denominator) degrees of freedom, either of which may be
 * ∞: the ratio of two χ² deviates, each over its degrees of freedom.
 *
 * @param x - below 0 gives 0
 * @throws DomainError unless both are above 0
 * @example
 * fisherCdf(4, 2, 10); // 0.947078…
 */
export function fisherCdf(x: number, df1: number, df2: number): number {
  if (!(df1 > 0 && df2 > 0)) {
    throw new DomainError(`fisherCdf: degrees of freedom must be positive, got ${df1} and ${df2}`);
  }
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (df1 === Number.POSITIVE_INFINITY && df2 === df1) return x < 1 ? 0 : 1;
  if (df2 === Number.POSITIVE_INFINITY) return gammaP(df1 / 2, (df1 / 2) * x);
  if (df1 === Number.POSITIVE_INFINITY) return gammaQ(df2 / 2, df2 / 2 / x);
  const odds = (df1 / df2) * x;
  return betaOfBoth(1 / (1 + 1 / odds), 1 / (1 + odds), df1 / 2, df2 / 2);
}

/**
 * Quantile of the F distribution: x with P(F ≤ x) = p.
 *
 * @param p - 0 … 1; 1 gives ∞
 * @throws DomainError outside [0, 1], or unless both degrees of freedom are above 0
 * @example
 * fisherQuantile(0.95, 2, 10); // 4.102821015…
 */
export function fisherQuantile(p: number, df1: number, df2: number): number {
  if (!(df1 > 0 && df2 > 0 && p >= 0 && p <= 1)) {
    throw new DomainError(
      `fisherQuantile: needs 0 ≤ p ≤ 1 and positive degrees of freedom, got p = ${p}, ${df1}, ${df2}`,
    );
  }
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (df1 === Number.POSITIVE_INFINITY && df2 === df1) return 1;
  if (df2 === Number.POSITIVE_INFINITY) return gammaPInverse(df1 / 2, p) / (df1 / 2);
  if (df1 === Number.POSITIVE_INFINITY) return df2 / 2 / gammaQInverse(df2 / 2, p);
  return Math.exp(betaInverseBoth(p, 1 - p, df1 / 2, df2 / 2).logit) * (df2 / df1);
}
