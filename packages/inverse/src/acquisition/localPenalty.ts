import { createMatrix, type FeatureMatrix, type Matrix } from "@materiome/core";
import { logNormalCdf } from "@materiome/core/numerics";
import { logNormalPdf } from "../pareto/logPositivePart.ts";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { stdOf } from "./momentAcquisition.ts";

/**
 * Logarithm of the local penalty around pending points: the probability that x lies outside the ball around each in which the
 * maximum cannot be, ln Π Φ((L ‖x − x_j‖ − best + μ_j) / σ_j), for a function of Lipschitz constant L. Added to an
 * acquisition on the logarithmic scale it spreads a batch.
 *
 * @param best - the largest value, as far as known
 * @param lipschitz - see {@link lipschitzOf}
 * @see González, Dai, Hennig & Lawrence, AISTATS 2016, arXiv:1505.08052
 */
export function localPenalty(
  model: SurrogateModel,
  pending: FeatureMatrix,
  best: number,
  lipschitz: number,
): DifferentiableAcquisition {
  const { mean, variance } = moments(model, pending);
  const d = pending.columns;
  const evaluate = (x: Matrix, gradient: Matrix | undefined): Float64Array =>
    Float64Array.from({ length: x.rows }, (_, i) => {
      let value = 0;
      for (let j = 0; j < pending.rows; j++) {
        const std = stdOf(variance[j] as number); // j < rows
        let squares = 0;
        for (let f = 0; f < d; f++)
          squares += ((x.data[i * d + f] as number) - (pending.data[j * d + f] as number)) ** 2;
        const distance = Math.sqrt(squares);
        const z = (lipschitz * distance - best + (mean[j] as number)) / std;
        const logCdf = logNormalCdf(z);
        value += logCdf;
        if (gradient === undefined || distance === 0) continue;
        const slope = (Math.exp(logNormalPdf(z) - logCdf) * lipschitz) / (std * distance);
        for (let f = 0; f < d; f++) {
          const at = i * d + f;
          const away = (x.data[at] as number) - (pending.data[j * d + f] as number);
          gradient.data[at] = (gradient.data[at] as number) + slope * away;
        }
      }
      return value;
    });
  return {
    name: "local penalty",
    isLog: true,
    value: (x) => evaluate(x, undefined),
    gradient(x) {
      const gradient = createMatrix(x.rows, d);
      return { value: evaluate(x, gradient), gradient };
    },
  };
}

/** Largest slope of the posterior mean at some points, [n, d]: the Lipschitz constant as far as they show it; at least 1e-7. */
export function lipschitzOf(model: SurrogateModel, x: Matrix): number {
  const { dMean } = model.meanVarianceGradient(x);
  let largest = 1e-7;
  for (let i = 0; i < x.rows; i++) {
    largest = Math.max(largest, Math.hypot(...dMean.data.subarray(i * x.columns, (i + 1) * x.columns)));
  }
  return largest;
}
