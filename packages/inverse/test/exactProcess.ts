import {
  createMatrix,
  type FeatureMatrix,
  type Matrix,
  type Random,
  type RunContext,
  type Targets,
} from "@materiome/core";
import { cholesky, choleskySolve, sampleMultivariateNormal, solveTriangular } from "@materiome/core/numerics";
import type { SurrogateLearner, SurrogateModel } from "../src/surrogate/surrogate.ts";

export interface ExactProcessOptions {
  /** Length-scale of every feature. */
  readonly lengthScale?: number;
  /** Standard deviation of noise, in standard deviations of the target. */
  readonly noise?: number;
}

/** A Gaussian process with fixed hyper-parameters (squared exponential; target standardised), for tests of what uses one. */
export function exactProcess({ lengthScale = 0.3, noise = 1e-3 }: ExactProcessOptions = {}): SurrogateLearner {
  return {
    supports: new Set(),
    module: "test",
    toJSON: () => ({ type: "test", version: 1, params: {}, state: null }),
    async fit(x: FeatureMatrix, y: Targets, _run: RunContext): Promise<SurrogateModel> {
      const values = y.values.data;
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const scale = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length) || 1;
      return process({ x, y: values.map((v) => (v - mean) / scale), mean, scale, lengthScale, noise });
    },
  };
}

interface State {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly mean: number;
  readonly scale: number;
  readonly lengthScale: number;
  readonly noise: number;
}

function process(state: State): SurrogateModel {
  const { x: rows, y, mean, scale, lengthScale, noise } = state;
  const d = rows.columns;
  const k = (a: Matrix, i: number, b: Matrix, j: number): number => {
    let r = 0;
    for (let f = 0; f < d; f++) r += ((a.data[i * d + f] - b.data[j * d + f]) / lengthScale) ** 2;
    return Math.exp(-0.5 * r);
  };
  const gram = (a: Matrix, b: Matrix): Matrix => {
    const out = createMatrix(a.rows, b.rows);
    for (let i = 0; i < a.rows; i++) for (let j = 0; j < b.rows; j++) out.data[i * b.rows + j] = k(a, i, b, j);
    return out;
  };
  const K = gram(rows, rows);
  for (let i = 0; i < rows.rows; i++) K.data[i * rows.rows + i] += noise ** 2;
  const factor = cholesky(K, { maxRelativeJitter: 1e-8 });
  const alpha = choleskySolve(factor, y);
  const posterior = (x: Matrix): { mean: Float64Array; covariance: Matrix } => {
    const cross = gram(rows, x);
    const v = solveTriangular(factor.lower, cross);
    const covariance = gram(x, x);
    const m = x.rows;
    const mu = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      for (let r = 0; r < rows.rows; r++) mu[i] += cross.data[r * m + i] * alpha[r];
      mu[i] = mean + scale * mu[i];
      for (let j = 0; j < m; j++) {
        for (let r = 0; r < rows.rows; r++) covariance.data[i * m + j] -= v.data[r * m + i] * v.data[r * m + j];
        covariance.data[i * m + j] *= scale * scale;
      }
      covariance.data[i * m + i] = Math.max(0, covariance.data[i * m + i]);
    }
    return { mean: mu, covariance };
  };
  return {
    module: "test",
    toJSON: () => ({ type: "test", version: 1, params: {}, state: null }),
    async predict(x) {
      const { mean: mu, covariance } = posterior(x);
      const std = mu.map((_, i) => Math.sqrt(covariance.data[i * x.rows + i] + (scale * noise) ** 2));
      return {
        kind: "regression",
        mean: createMatrix(x.rows, 1, mu),
        std: createMatrix(x.rows, 1, std),
        uncertainty: "total",
      };
    },
    posterior,
    samplePosterior(x: Matrix, n: number, random: Random) {
      const joint = posterior(x);
      return sampleMultivariateNormal(
        joint.mean,
        cholesky(joint.covariance, { maxRelativeJitter: 1e-6 }).lower,
        n,
        random,
      );
    },
    meanVarianceGradient(x) {
      const out = {
        mean: new Float64Array(x.rows),
        variance: new Float64Array(x.rows),
        dMean: createMatrix(x.rows, d),
        dVariance: createMatrix(x.rows, d),
      };
      for (let i = 0; i < x.rows; i++) {
        const one = createMatrix(1, d, x.data.slice(i * d, (i + 1) * d));
        const joint = posterior(one);
        out.mean[i] = joint.mean[0];
        out.variance[i] = joint.covariance.data[0];
        const cross = gram(rows, one).data;
        const solved = choleskySolve(factor, cross);
        for (let r = 0; r < rows.rows; r++) {
          for (let f = 0; f < d; f++) {
            const slope = (-(one.data[f] - rows.data[r * d + f]) / lengthScale ** 2) * cross[r];
            out.dMean.data[i * d + f] += scale * slope * alpha[r];
            out.dVariance.data[i * d + f] -= 2 * scale * scale * slope * solved[r];
          }
        }
      }
      return out;
    },
    condition(x, values) {
      const data = new Float64Array((rows.rows + x.rows) * d);
      data.set(rows.data);
      data.set(x.data, rows.data.length);
      const all = Float64Array.of(...y, ...values.map((v) => (v - mean) / scale));
      return process({ ...state, x: createMatrix(rows.rows + x.rows, d, data), y: all });
    },
  };
}
