import { logNormalCdf } from "@materiome/core/numerics";
import { logNormalPdf, logPositivePart } from "../pareto/logPositivePart.ts";

/** d ln h / dz = Φ(z) / h(z) of h(z) = φ(z) + z Φ(z) ({@link logPositivePart}); tends to −z − 2/z far below and to 1/z far above. */
export function logImprovementSlope(z: number): number {
  return Math.exp(logNormalCdf(z) - logPositivePart(z));
}

/** φ(z) / h(z): the slope of ln(σ h(m / σ)) by ln σ. */
export function logImprovementSpread(z: number): number {
  return Math.exp(logNormalPdf(z) - logPositivePart(z));
}
