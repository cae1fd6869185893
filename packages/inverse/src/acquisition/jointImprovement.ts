import { createMatrix, type FeatureMatrix, type Random } from "@materiome/core";
import { cholesky, logSumExp } from "@materiome/core/numerics";
import { logPositivePart } from "../pareto/logPositivePart.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { createAnchors } from "./anchors.ts";
import { logImprovementSlope, logImprovementSpread } from "./logImprovement.ts";
import { normalDraws } from "./normalDraws.ts";

export interface JointImprovementOptions {
  readonly random: Random;
  /** Tried points that may be the best: their values are not known but drawn, as their measurements are noisy. @defaultValue none */
  readonly incumbents?: FeatureMatrix | undefined;
  /** Points being tried, or chosen before in the same batch. @defaultValue none */
  readonly pending?: FeatureMatrix | undefined;
  /** A value that is to be exceeded in any case. @defaultValue none: the drawn incumbents alone */
  readonly best?: number | undefined;
  /** Draws of the values at incumbents and pending points. @defaultValue 64 */
  readonly draws?: number | undefined;
}

const MAX_JITTER = 1e-6;

/**
 * Logarithm of the expected improvement of one more point over everything known and pending:
 * ln E max(f(x) − max(best, f(incumbents), f(pending)), 0).
 *
 * With incumbents it is noisy expected improvement (their values are drawn from the posterior), with pending points the
 * gain that x adds to the joint expected improvement of a batch, which chosen one after the other is sequential greedy qLogEI or
 * qLogNEI. The values at incumbents and pending points are drawn once (common random numbers, scrambled Sobol points),
 * f(x) given each draw is integrated in closed form, so that the function is smooth, has an analytic gradient, and less noise than
 * with draws of f(x).
 *
 * @see Letham, Karrer, Ottoni & Bakshy, Bayesian Anal. 14, 495 (2019), doi:10.1214/18-BA1110; Wilson, Hutter & Deisenroth,
 * NeurIPS 2018, arXiv:1805.10196 (greedy batches); Ament et al., NeurIPS 2023, arXiv:2310.20708 (logarithm)
 */
export function logJointImprovement(
  model: SurrogateModel,
  options: JointImprovementOptions,
): DifferentiableAcquisition {
  const { random, incumbents, pending, best = Number.NEGATIVE_INFINITY, draws = 64 } = options;
  const parts = [incumbents, pending].flatMap((part) => (part === undefined || part.rows === 0 ? [] : [part]));
  const anchors = createAnchors(model, joinRows(parts));
  const k = anchors.count;
  const { lower } = anchors.covariance.data.every((v) => v === 0)
    ? { lower: anchors.covariance }
    : cholesky(anchors.covariance, { maxRelativeJitter: MAX_JITTER });
  const z = normalDraws(draws, k, random);
  const toExceed = Float64Array.from({ length: draws }, (_, m) => {
    let largest = best;
    for (let j = 0; j < k; j++) {
      let value = anchors.mean[j] as number; // j < k
      for (let i = 0; i <= j; i++) value += (lower.data[j * k + i] as number) * (z.data[m * k + i] as number);
      largest = Math.max(largest, value);
    }
    return largest;
  });

  /** c → L⁻¹ c of one row; a component without variance is left out. */
  const whiten = (row: Float64Array): Float64Array => {
    for (let j = 0; j < k; j++) {
      let value = row[j] as number; // j < k
      for (let i = 0; i < j; i++) value -= (lower.data[j * k + i] as number) * (row[i] as number);
      const pivot = lower.data[j * k + j] as number;
      row[j] = pivot > 0 ? value / pivot : 0;
    }
    return row;
  };
  const terms = new Float64Array(draws);
  /** z of each draw goes to `standard`; the value is the mean over draws. */
  const evaluate = (mean: number, variance: number, a: Float64Array, standard: Float64Array): [number, number] => {
    const std = Math.sqrt(Math.max(variance - dot(a, a), 1e-24));
    for (let m = 0; m < draws; m++) {
      let value = mean;
      for (let j = 0; j < k; j++) value += (a[j] as number) * (z.data[m * k + j] as number);
      const score = (value - (toExceed[m] as number)) / std;
      standard[m] = score;
      terms[m] = logPositivePart(score);
    }
    return [Math.log(std) + logSumExp(terms) - Math.log(draws), std];
  };
  const standard = new Float64Array(draws);
  const name =
    incumbents === undefined || incumbents.rows === 0
      ? "log expected improvement of the batch"
      : "noisy log expected improvement";
  return {
    name,
    isLog: true,
    value(x) {
      const { mean, variance, cross } = anchors.moments(x);
      return mean.map((mu, i) => {
        const a = whiten(cross.data.slice(i * k, (i + 1) * k));
        return evaluate(mu, variance[i] as number, a, standard)[0];
      });
    },
    gradient(x) {
      const d = x.columns;
      const { mean, variance, cross, dMean, dVariance, dCross } = anchors.gradient(x);
      const gradient = createMatrix(x.rows, d);
      const slopes = new Float64Array(k);
      const value = mean.map((mu, i) => {
        const a = whiten(cross.data.slice(i * k, (i + 1) * k));
        const [total, std] = evaluate(mu, variance[i] as number, a, standard);
        let byMean = 0;
        let byVariance = 0;
        slopes.fill(0);
        const largest = Math.max(...terms);
        let weights = 0;
        for (const term of terms) weights += Math.exp(term - largest);
        for (let m = 0; m < draws; m++) {
          const weight = Math.exp((terms[m] as number) - largest) / weights;
          if (weight === 0) continue;
          const score = standard[m] as number;
          const slope = (weight * logImprovementSlope(score)) / std;
          byMean += slope;
          byVariance += (weight * logImprovementSpread(score)) / (2 * std * std);
          for (let j = 0; j < k; j++) slopes[j] = (slopes[j] as number) + slope * (z.data[m * k + j] as number);
        }
        const da = new Float64Array(k);
        for (let f = 0; f < d; f++) {
          const at = i * d + f;
          for (let j = 0; j < k; j++) da[j] = dCross[j]?.data[at] as number;
          whiten(da);
          gradient.data[at] =
            byMean * (dMean.data[at] as number) +
            dot(slopes, da) +
            byVariance * ((dVariance.data[at] as number) - 2 * dot(a, da));
        }
        return total;
      });
      return { value, gradient };
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number); // same length
  return sum;
}

function joinRows(parts: readonly FeatureMatrix[]): FeatureMatrix {
  const [first] = parts;
  if (first === undefined) return { data: new Float64Array(0), rows: 0, columns: 0, features: [] };
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float64Array(rows * first.columns);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { ...first, rows, data };
}
