import { normalCdf, normalPdf } from "@materiome/core/numerics";
import { logPositivePart } from "../pareto/logPositivePart.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { logImprovementSlope, logImprovementSpread } from "./logImprovement.ts";
import { momentAcquisition } from "./momentAcquisition.ts";

/**
 * Logarithm of the expected improvement over `best` of a function to be maximised: ln E max(f(x) − best, 0) =
 * ln σ + ln h((μ − best) / σ). Where the expected improvement underflows and has no gradient, this still has one.
 *
 * @param best - in units of the model: the largest posterior mean (or value) among the tried points
 * @see Ament et al., NeurIPS 2023, arXiv:2310.20708
 * @example
 * const { value } = logExpectedImprovement(model, best).gradient(encodePoints(space, points));
 */
export function logExpectedImprovement(model: SurrogateModel, best: number): DifferentiableAcquisition {
  return momentAcquisition("log expected improvement", true, model, (mean, std, slopes) => {
    const z = (mean - best) / std;
    if (slopes !== undefined) {
      slopes.byMean = logImprovementSlope(z) / std;
      slopes.byStd = logImprovementSpread(z) / std;
    }
    return Math.log(std) + logPositivePart(z);
  });
}

/**
 * Expected improvement over `best`, E max(f(x) − best, 0) = (μ − best) Φ(z) + σ φ(z), z = (μ − best) / σ.
 *
 * @see Jones, Schonlau & Welch, J. Global Optim. 13, 455 (1998), doi:10.1023/A:1008306431147
 */
export function expectedImprovement(model: SurrogateModel, best: number): DifferentiableAcquisition {
  return momentAcquisition("expected improvement", false, model, (mean, std, slopes) => {
    const z = (mean - best) / std;
    if (slopes !== undefined) {
      slopes.byMean = normalCdf(z);
      slopes.byStd = normalPdf(z);
    }
    return improvement(mean - best, std);
  });
}

/** E max(N(gain, std²), 0). */
export function improvement(gain: number, std: number): number {
  const z = gain / std;
  // Below, the two terms cancel; their logarithm does not.
  return z < -5 ? std * Math.exp(logPositivePart(z)) : gain * normalCdf(z) + std * normalPdf(z);
}
