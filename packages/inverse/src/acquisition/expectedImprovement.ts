import { createMatrix } from "@materiome/core";
import { normalCdf, normalPdf } from "@materiome/core/numerics";
import { type Moments, moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { logImprovement, logImprovementSlope, logImprovementSpread } from "./logImprovement.ts";

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
  const from = (mean: number, std: number): number => Math.log(std) + logImprovement((mean - best) / std);
  return {
    name: "log expected improvement",
    isLog: true,
    value(x) {
      const { mean, variance } = moments(model, x);
      return mean.map((m, i) => from(m, stdOf(variance, i)));
    },
    gradient(x) {
      const { mean, variance, dMean, dVariance } = model.meanVarianceGradient(x);
      const d = x.columns;
      const gradient = createMatrix(x.rows, d);
      const value = mean.map((m, i) => {
        const std = stdOf(variance, i);
        const z = (m - best) / std;
        const byMean = logImprovementSlope(z) / std;
        const byVariance = logImprovementSpread(z) / (2 * std * std);
        for (let j = i * d; j < (i + 1) * d; j++) {
          gradient.data[j] = byMean * (dMean.data[j] as number) + byVariance * (dVariance.data[j] as number);
        }
        return from(m, std);
      });
      return { value, gradient };
    },
  };
}

/**
 * Expected improvement over `best`, E max(f(x) − best, 0) = (μ − best) Φ(z) + σ φ(z), z = (μ − best) / σ.
 *
 * @see Jones, Schonlau & Welch, J. Global Optim. 13, 455 (1998), doi:10.1023/A:1008306431147
 */
export function expectedImprovement(model: SurrogateModel, best: number): DifferentiableAcquisition {
  return {
    name: "expected improvement",
    isLog: false,
    value(x) {
      const { mean, variance } = moments(model, x);
      return mean.map((m, i) => improvement(m - best, stdOf(variance, i)));
    },
    gradient(x) {
      const { mean, variance, dMean, dVariance } = model.meanVarianceGradient(x);
      const d = x.columns;
      const gradient = createMatrix(x.rows, d);
      const value = mean.map((m, i) => {
        const std = stdOf(variance, i);
        const z = (m - best) / std;
        for (let j = i * d; j < (i + 1) * d; j++) {
          gradient.data[j] =
            normalCdf(z) * (dMean.data[j] as number) + (normalPdf(z) / (2 * std)) * (dVariance.data[j] as number);
        }
        return improvement(m - best, std);
      });
      return { value, gradient };
    },
  };
}

/** E max(N(gain, std²), 0). */
export function improvement(gain: number, std: number): number {
  const z = gain / std;
  // Below, the two terms cancel; their logarithm does not.
  return z < -5 ? std * Math.exp(logImprovement(z)) : gain * normalCdf(z) + std * normalPdf(z);
}

/** Standard deviation i; a point that the data determine keeps a trace of one, so that logarithms stay finite. */
export function stdOf(variance: Moments["variance"], i: number): number {
  return Math.sqrt(Math.max(variance[i] as number, 1e-24));
}
