import { erfcx, log1mExp, logNormalCdf, normalCdf, normalPdf } from "@materiome/core/numerics";

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
const HALF_LOG_HALF_PI = 0.5 * Math.log(Math.PI / 2);
/** Below −1 / √ε the correction to the leading term is below rounding. */
const FAR = -1 / Math.sqrt(Number.EPSILON);

/**
 * ln h(z), h(z) = φ(z) + z Φ(z), without underflow: the logarithm of the expected improvement is ln σ + ln h((μ − best) / σ).
 *
 * Above −1 as written; below, −z²/2 − ½ ln 2π + ln(1 − |z| √(π/2) erfcx(|z| / √2)); below −1/√ε its limit −z²/2 − ½ ln 2π − 2 ln |z|.
 *
 * @see Ament, Daulton, Eriksson, Balandat & Bakshy, NeurIPS 2023, arXiv:2310.20708, eq. 9
 */
export function logImprovement(z: number): number {
  if (z > -1) return Math.log(normalPdf(z) + z * normalCdf(z));
  const leading = -0.5 * z * z - HALF_LOG_2PI;
  if (z <= FAR) return leading - 2 * Math.log(-z);
  return leading + log1mExp(Math.log(erfcx(-z / Math.SQRT2) * -z) + HALF_LOG_HALF_PI);
}

/** d ln h / dz = Φ(z) / h(z), which tends to −z − 2/z far below and to 1/z far above. */
export function logImprovementSlope(z: number): number {
  return Math.exp(logNormalCdf(z) - logImprovement(z));
}

/** φ(z) / h(z): the slope of ln(σ h(m / σ)) by ln σ. */
export function logImprovementSpread(z: number): number {
  return Math.exp(-0.5 * z * z - HALF_LOG_2PI - logImprovement(z));
}
