import { erfcx, log1mExp, normalCdf, normalPdf } from "@materiome/core/numerics";

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** ln φ(z). */
export function logNormalPdf(z: number): number {
  return -0.5 * z * z - LOG_SQRT_2PI;
}

/**
 * ln h(z), h(z) = E[max(0, z + Z)] = φ(z) + z Φ(z) for a standard normal Z, without underflow: directly above −1; below it
 * ln φ + ln(1 − |z| √(π/2) erfcx(|z|/√2)), below −50 the asymptotic series of the bracket. Relative error of h below 1e-12.
 *
 * @see Ament, Daulton, Eriksson, Balandat & Bakshy, NeurIPS 2023, arXiv:2310.20708, equation 9 and appendix A
 */
export function logPositivePart(z: number): number {
  if (z > -1) return Math.log(normalPdf(z) + z * normalCdf(z));
  if (z < -50) {
    const t = 1 / (z * z);
    return logNormalPdf(z) + Math.log(t) + Math.log1p(-t * (3 - t * (15 - t * (105 - t * 945))));
  }
  return logNormalPdf(z) + log1mExp(Math.log(-z * Math.sqrt(Math.PI / 2) * erfcx(-z / Math.SQRT2)));
}
