import { DomainError } from "@materiome/core";
import { log1mExp, logNormalCdf } from "@materiome/core/numerics";
import { logNormalPdf } from "../pareto/logPositivePart.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { momentAcquisition } from "./momentAcquisition.ts";

export interface SpecProbabilityOptions {
  /** In units of the model; −∞ for none. @defaultValue −∞ */
  readonly low?: number | undefined;
  /** @defaultValue ∞ */
  readonly high?: number | undefined;
  /** Variance of what is to lie inside beyond the function: 0 for the function itself, that of noise for a measurement. @defaultValue 0 */
  readonly noiseVariance?: number | undefined;
}

/**
 * Logarithm of the probability that an outcome lies between two limits, ln(Φ((high − μ) / σ) − Φ((low − μ) / σ)), stable however far off
 * they are.
 *
 * @throws DomainError unless low < high
 * @example
 * specProbability(model, { low: 900 }).value(x); // ln P(at least 900 MPa)
 */
export function specProbability(model: SurrogateModel, options: SpecProbabilityOptions): DifferentiableAcquisition {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, noiseVariance = 0 } = options;
  if (!(low < high)) throw new DomainError(`specProbability: low must be below high, got ${low} … ${high}`);
  return momentAcquisition("log probability of the spec", true, model, (mean, std, slopes) => {
    const total = Math.sqrt(std * std + noiseVariance);
    const a = (low - mean) / total;
    const b = (high - mean) / total;
    const value = logIntervalProbability(a, b);
    if (slopes !== undefined) {
      // φ(a) / P and φ(b) / P, without P, which underflows.
      const pa = Number.isFinite(a) ? Math.exp(logNormalPdf(a) - value) : 0;
      const pb = Number.isFinite(b) ? Math.exp(logNormalPdf(b) - value) : 0;
      slopes.byMean = (pa - pb) / total;
      const byTotal = ((pa === 0 ? 0 : a * pa) - (pb === 0 ? 0 : b * pb)) / total;
      slopes.byStd = (byTotal * std) / total;
    }
    return value;
  });
}

/** ln(Φ(b) − Φ(a)), a < b: taken in the tail where both are small, or from the two tails outside. */
export function logIntervalProbability(a: number, b: number): number {
  if (a > 0) return logIntervalProbability(-b, -a);
  if (b <= 0) {
    const upper = logNormalCdf(b);
    return upper + log1mExp(logNormalCdf(a) - upper);
  }
  // Zero lies between: the mass outside is at most that of both tails.
  return Math.log1p(-Math.exp(logNormalCdf(a)) - Math.exp(logNormalCdf(-b)));
}
