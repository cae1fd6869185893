import { createMatrix, type FeatureMatrix, type Matrix, takeRows } from "@materiome/core";
import { rowsOf } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";

/** Mean and variance at points and their covariances with a few anchors, each with its gradient where it was asked for. */
export interface AnchoredMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** [n, k] */
  readonly cross: Matrix;
}

export interface AnchoredGradient extends AnchoredMoments {
  readonly dMean: Matrix;
  readonly dVariance: Matrix;
  /** For each anchor the gradient of its covariance with the points, [n, d]. */
  readonly dCross: readonly Matrix[];
}

/** A few points (best tried ones, pending ones) whose joint posterior with any point is asked for again and again. */
export interface Anchors {
  readonly count: number;
  readonly mean: Float64Array;
  /** [k, k] */
  readonly covariance: Matrix;
  moments(x: Matrix): AnchoredMoments;
  gradient(x: Matrix): AnchoredGradient;
}

const BLOCK = 24;

interface Shifted {
  readonly model: SurrogateModel | undefined;
  readonly scale: number;
}

/**
 * Joint posterior of anchors and any point.
 *
 * Surrogates give gradients of mean and variance only. The covariance of f(x) with f(a) follows from the mean of a model
 * that is told one more value at a: that mean moves by c(x, a) / (v(a) + noise) for each unit that the value lies above the mean,
 * and at x = a by v(a) / (v(a) + noise), so c(x, a) is the ratio of both moves times v(a), and so is its gradient. For a mixture of
 * processes ({@link averageSurrogates}) that is an approximation: its gradients lead, and values decide, which are exact.
 */
export function createAnchors(model: SurrogateModel, anchors: FeatureMatrix): Anchors {
  const k = anchors.rows;
  const { mean, covariance } = k === 0 ? NOTHING : model.posterior(anchors);
  let shifted: readonly Shifted[] | undefined;

  /** For each anchor a model told that one value there is a standard deviation higher; undefined where nothing is open. */
  const shiftedModels = (): readonly Shifted[] => {
    const largest = Math.max(...mean.map((_, j) => covariance.data[j * k + j] as number));
    return Array.from({ length: k }, (_, j) => {
      const variance = covariance.data[j * k + j] as number; // j < k
      if (!(variance > 1e-10 * largest)) return { model: undefined, scale: 0 };
      const at = takeRows(anchors, [j]);
      const told = model.condition(at, Float64Array.of((mean[j] as number) + Math.sqrt(variance)));
      const moved = (told.posterior(at).mean[0] as number) - (mean[j] as number);
      return { model: told, scale: variance / moved };
    });
  };

  return {
    count: k,
    mean,
    covariance,
    moments(x) {
      const cross = createMatrix(x.rows, k);
      const out = { mean: new Float64Array(x.rows), variance: new Float64Array(x.rows), cross };
      for (let from = 0; from < x.rows; from += BLOCK) {
        const m = Math.min(BLOCK, x.rows - from);
        const joint = model.posterior(stack(anchors, rowsOf(x, from, m)));
        const width = k + m;
        for (let i = 0; i < m; i++) {
          const row = (k + i) * width;
          out.mean[from + i] = joint.mean[k + i] as number; // i < m
          out.variance[from + i] = joint.covariance.data[row + k + i] as number;
          cross.data.set(joint.covariance.data.subarray(row, row + k), (from + i) * k);
        }
      }
      return out;
    },
    gradient(x) {
      shifted ??= shiftedModels();
      const own = model.meanVarianceGradient(x);
      const cross = createMatrix(x.rows, k);
      const dCross = shifted.map(({ model: told, scale }, j) => {
        const gradient = createMatrix(x.rows, x.columns);
        if (told === undefined) return gradient;
        const moved = told.meanVarianceGradient(x);
        for (let i = 0; i < x.rows; i++) {
          cross.data[i * k + j] = scale * ((moved.mean[i] as number) - (own.mean[i] as number)); // i < rows
        }
        for (let at = 0; at < gradient.data.length; at++) {
          gradient.data[at] = scale * ((moved.dMean.data[at] as number) - (own.dMean.data[at] as number));
        }
        return gradient;
      });
      return { ...own, cross, dCross };
    },
  };
}

const NOTHING = { mean: new Float64Array(0), covariance: createMatrix(0, 0) };

/** Rows of both, one below the other. */
function stack(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array((a.rows + b.rows) * b.columns);
  data.set(a.data);
  data.set(b.data, a.rows * b.columns);
  return createMatrix(a.rows + b.rows, b.columns, data);
}
