import { softmax } from "../unet/pixelLoss.ts";

/** How probabilities were calibrated on the validation images. */
export interface ImageCalibration {
  /** Outputs are divided by it before softmax; above 1: less sure. */
  readonly temperature: number;
  /** Validation images with a class. */
  readonly n: number;
  /** Mean −ln of the probability of the true class, before and after. */
  readonly logLossBefore: number;
  readonly logLossAfter: number;
}

const COLDEST = 0.2;
const HOTTEST = 10;

/** Mean over views of the softmax of outputs [views, images, k] over a temperature, and its variance over the views. */
export function viewProbabilities(
  outputs: Float32Array,
  nViews: number,
  k: number,
  temperature: number,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const scaled = outputs.map((value) => value / temperature);
  for (let at = 0; at < scaled.length; at += k) softmax(k, scaled, at);
  const moments = viewMoments(scaled, nViews);
  // Rounded to 32 bit, the probabilities of a row sum to 1 only nearly.
  for (let at = 0; at < moments.mean.length; at += k) {
    const row = moments.mean.subarray(at, at + k);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let c = 0; c < k; c++) row[c]! /= sum;
  }
  return moments;
}

/** Mean and variance (over n) of each number over the views. */
export function viewMoments(
  values: Float32Array,
  nViews: number,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const size = values.length / nViews;
  const mean = new Float64Array(size);
  const variance = new Float64Array(size);
  for (let i = 0; i < values.length; i++) mean[i % size]! += values[i]! / nViews; // i < length, size numbers a view
  for (let i = 0; i < values.length; i++) variance[i % size]! += (values[i]! - mean[i % size]!) ** 2 / nViews; // as above
  return { mean, variance };
}

/**
 * The temperature of least log loss on images whose classes are known, between 0.2 and 10, by golden sections of its logarithm. It changes how
 * sure predictions are; with one view it never changes which class is the most probable.
 *
 * @see C. Guo et al., ICML 2017, arXiv:1706.04599
 */
export function calibrateTemperature(
  outputs: Float32Array,
  nViews: number,
  k: number,
  y: Float32Array,
  weights: Float32Array,
): ImageCalibration {
  const logLoss = (temperature: number): number => {
    const { mean } = viewProbabilities(outputs, nViews, k, temperature);
    let sum = 0;
    let total = 0;
    for (const [i, p] of mean.entries()) {
      const w = weights[i]! * y[i]!; // one per image and class
      if (w === 0) continue;
      sum -= w * Math.log(Math.max(p, 1e-12));
      total += w;
    }
    return sum / total;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
  const inner = (share: number): number => low + share * (high - low);
  let [a, b] = [inner(1 - golden), inner(golden)];
  let [atA, atB] = [logLoss(Math.exp(a)), logLoss(Math.exp(b))];
  while (high - low > 1e-3) {
    if (atA <= atB) {
      [high, b, atB] = [b, a, atA];
      a = inner(1 - golden);
      atA = logLoss(Math.exp(a));
    } else {
      [low, a, atA] = [a, b, atB];
      b = inner(golden);
      atB = logLoss(Math.exp(b));
    }
  }
  const temperature = Math.exp((low + high) / 2);
  let n = 0;
  for (let i = 0; i < weights.length; i += k) if (weights[i]! > 0) n++; // i < length
  return { temperature, n, logLossBefore: logLoss(1), logLossAfter: logLoss(temperature) };
}

/** How far values were off on the validation images, per target. */
export interface ValueErrors {
  /** Validation images where the target is known. */
  readonly n: number;
  /** Root mean square. */
  readonly rmse: number;
  /** What the variance of the views leaves of the mean squared error: total variance = this + variance of the views. */
  readonly variance: number;
  /** |error| / √(total variance) of the validation images, rising. */
  readonly ratios: readonly number[];
}

export function measureErrors(
  mean: Float64Array,
  variance: Float64Array,
  y: Float32Array,
  weights: Float32Array,
  k: number,
): ValueErrors[] {
  return Array.from({ length: k }, (_, c) => {
    const errors: number[] = [];
    const spreads: number[] = [];
    for (let i = c; i < y.length; i += k) {
      if (weights[i] === 0) continue;
      errors.push(Math.abs(mean[i]! - y[i]!)); // one per image and target
      spreads.push(variance[i]!);
    }
    const n = errors.length;
    const meanSquare = errors.reduce((sum, e) => sum + e * e, 0) / n;
    const left = Math.max(1e-12, meanSquare - spreads.reduce((sum, v) => sum + v, 0) / n);
    const ratios = errors.map((e, i) => e / Math.sqrt(left + spreads[i]!)).sort((a, b) => a - b);
    return { n, rmse: Math.sqrt(meanSquare), variance: left, ratios };
  });
}

/** The factor on √(total variance) within which a new error lies with the given chance; undefined where there are too few errors to say. */
export function errorQuantile({ n, ratios }: ValueErrors, level: number): number | undefined {
  return ratios[Math.ceil((n + 1) * level) - 1];
}
