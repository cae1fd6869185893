import { type Matrix, type Random, ShapeError } from "@materiome/core";
import { logNormalCdf } from "@materiome/core/numerics";
import { logNormalPdf } from "../pareto/logPositivePart.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { momentAcquisition } from "./momentAcquisition.ts";

/**
 * Max-value entropy search: what a noise-free value at x would tell about the largest value of the function, in nat,
 * mean over drawn largest values y* of γ φ(γ) / 2Φ(γ) − ln Φ(γ), γ = (y* − μ) / σ.
 *
 * @param maxima - draws of the largest value ({@link sampleMaxima}), at least one
 * @throws ShapeError without a draw
 * @see Wang & Jegelka, ICML 2017, arXiv:1703.01968, eq. 6
 */
export function maxValueEntropy(model: SurrogateModel, maxima: Float64Array): DifferentiableAcquisition {
  if (maxima.length === 0) throw new ShapeError("maxValueEntropy: expected at least one drawn maximum, got none");
  return momentAcquisition("max-value entropy search", false, model, (mean, std, slopes) => {
    let value = 0;
    let byGamma = 0;
    let byLogStd = 0;
    for (const largest of maxima) {
      const gamma = (largest - mean) / std;
      const logCdf = logNormalCdf(gamma);
      const ratio = Math.exp(logNormalPdf(gamma) - logCdf); // φ / Φ
      value += 0.5 * gamma * ratio - logCdf;
      const slope = -0.5 * ratio * (1 + gamma * (gamma + ratio));
      byGamma += slope;
      byLogStd -= slope * gamma;
    }
    const n = maxima.length;
    if (slopes !== undefined) {
      slopes.byMean = -byGamma / (std * n);
      slopes.byStd = byLogStd / (std * n);
    }
    return value / n;
  });
}

/**
 * Draws of the largest value of the function among candidates, at least `floor`: joint posterior samples.
 *
 * @param x - candidates, [n, d], that cover the space
 * @param floor - the best known value; a maximum below it would be a draw of noise
 */
export function sampleMaxima(model: SurrogateModel, x: Matrix, n: number, floor: number, random: Random): Float64Array {
  const { data, columns } = model.samplePosterior(x, n, random);
  return Float64Array.from({ length: n }, (_, s) =>
    data.subarray(s * columns, (s + 1) * columns).reduce((a, b) => Math.max(a, b), floor),
  );
}
