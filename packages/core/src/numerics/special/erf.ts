import { erfcxPositive, gaussianExponential } from "./erfcx.ts";

/**
 * Error function erf(x) = 2/√π ∫₀ˣ exp(−t²) dt, relative error below 1e-15 or so everywhere.
 *
 * Method: series with positive terms for |x| < ½ (DLMF 7.6.2), 1 − erfc(x) beyond. NaN gives NaN.
 *
 * @see https://dlmf.nist.gov/7.6.E2
 * @example
 * erf(1); // 0.8427007929497149
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= 0.5) return x > 0 ? 1 - erfc(a) : erfc(a) - 1;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (x * x) / (k + 0.5);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * Complementary error function erfc(x) = 1 − erf(x), relative error below 1e-14 as long as the result is a normal number
 * (x < 26.5); 0 beyond x = 27.3.
 *
 * @example
 * erfc(10); // 2.088487583762545e-45
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (Math.abs(x) < 0.5) return 1 - erf(x);
  if (x > 0) return x > 28 ? 0 : gaussianExponential(x, 1) * erfcxPositive(x);
  return x < -6 ? 2 : 2 - gaussianExponential(-x, 1) * erfcxPositive(-x);
}

/**
 * Scaled complementary error function erfcx(x) = exp(x²) erfc(x), relative error below 1e-14; ∞ below x = −26.7.
 *
 * @example
 * erfcx(100); // 0.005641613782989433
 */
export function erfcx(x: number): number {
  if (x === 0) return 1;
  if (!(x < 0)) return erfcxPositive(x);
  if (x < -26.7) return Number.POSITIVE_INFINITY;
  return 2 * (1 / gaussianExponential(-x, 1)) - erfcxPositive(-x);
}
