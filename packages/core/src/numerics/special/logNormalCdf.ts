import { normalCdf } from "../../statistics/normal.ts";
import { erfcxPositive } from "./erfcx.ts";

/**
 * Logarithm of the standard normal distribution function, ln Φ(x), stable in both tails: relative error below 1e-14
 * however far down (ln Φ(−1e10) = −5e19).
 *
 * Below −1: ln(½ erfcx(−x/√2)) − x²/2; above 0: ln(1 − Φ(−x)) by log1p.
 *
 * @example
 * logNormalCdf(-40); // -804.6084420137538
 */
export function logNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-normalCdf(-x));
  if (x > -1) return Math.log(normalCdf(x));
  return Math.log(0.5 * erfcxPositive(-x / Math.SQRT2)) - 0.5 * x * x;
}
