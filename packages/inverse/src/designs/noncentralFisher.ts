import { ConvergenceError, DomainError } from "@materiome/core";
import { fisherCdf, logGamma, regularisedBeta } from "@materiome/core/numerics";

/**
 * Distribution function of the noncentral F with `df1`, `df2` degrees of freedom and noncentrality λ: the Poisson mixture
 * Σ_j e^(−λ/2) (λ/2)^j / j! · I_y(df1/2 + j, df2/2), y = df1 x / (df1 x + df2), summed outwards from its largest weight. Absolute
 * error below 1e-12.
 *
 * @param x - below 0 gives 0
 * @throws DomainError unless degrees of freedom are positive and finite and λ is 0 … 1e6
 * @see Abramowitz & Stegun 26.6.20; Benton & Krishnamoorthy, Comput. Stat. Data Anal. 43, 249 (2003) on where to begin
 * @example
 * noncentralFisherCdf(4, 2, 10, 3); // 0.686…
 */
export function noncentralFisherCdf(x: number, df1: number, df2: number, noncentrality: number): number {
  const isRight = df1 > 0 && df2 > 0 && Number.isFinite(df1) && Number.isFinite(df2);
  if (!isRight || !(noncentrality >= 0 && noncentrality <= 1e6)) {
    throw new DomainError(
      `noncentralFisherCdf: needs positive finite degrees of freedom and a noncentrality of 0 … 1e6, got ${df1}, ${df2} and ${noncentrality}`,
    );
  }
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (noncentrality === 0) return fisherCdf(x, df1, df2);
  const y = (df1 * x) / (df1 * x + df2);
  const half = noncentrality / 2;
  const middle = Math.floor(half);
  const weight = (j: number): number => Math.exp(-half + j * Math.log(half) - logGamma(j + 1));
  let total = 0;
  const add = (from: number, step: number): void => {
    for (let j = from, n = 0; j >= 0; j += step, n++) {
      const share = weight(j);
      total += share * regularisedBeta(y, df1 / 2 + j, df2 / 2);
      if (share < 1e-17) return;
      if (n > 1e6) throw new ConvergenceError("noncentralFisherCdf: the series did not end", n, share);
    }
  };
  add(middle, 1);
  add(middle - 1, -1);
  return Math.min(1, total);
}
