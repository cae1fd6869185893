import { createMatrix, type FeatureMatrix, type Matrix } from "@materiome/core";
import type { Disturber } from "./disturber.ts";
import type { SurrogateModel } from "./surrogate.ts";

/**
 * The surrogate of the mean over disturbed settings, f̄(x) = (1/k) Σ f(x_c): Gaussian again, with the means and covariances of
 * the averages. Its gradient is exact for the mean, and central differences for the variance. `condition` and `predict` are those of
 * the function itself.
 */
export function averagedModel(model: SurrogateModel, disturber: Disturber): SurrogateModel {
  const { copies: k } = disturber;
  const posterior = (x: Matrix): ReturnType<SurrogateModel["posterior"]> => {
    const n = x.rows;
    const joint = model.posterior(disturber.at(x));
    const mean = new Float64Array(n);
    const covariance = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < k; c++) mean[i] = (mean[i] as number) + (joint.mean[i * k + c] as number) / k;
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let c = 0; c < k; c++) {
          for (let e = 0; e < k; e++) sum += joint.covariance.data[(i * k + c) * n * k + j * k + e] as number;
        }
        covariance.data[i * n + j] = sum / (k * k);
      }
    }
    return { mean, covariance };
  };
  const varianceAt = (point: Float64Array): number =>
    posterior(createMatrix(1, point.length, point)).covariance.data[0] as number;
  return {
    ...model,
    rowsPerPoint: k,
    posterior,
    samplePosterior(x, nSamples, random) {
      const { data } = model.samplePosterior(disturber.at(x), nSamples, random);
      const out = createMatrix(nSamples, x.rows);
      for (let at = 0; at < out.data.length; at++) {
        let sum = 0;
        for (let c = 0; c < k; c++) sum += data[at * k + c] as number;
        out.data[at] = sum / k;
      }
      return out;
    },
    meanVarianceGradient(x) {
      const { rows: n, columns: d } = x;
      const whole = model.meanVarianceGradient(disturber.at(x));
      const pulled = disturber.pull(x, whole.dMean);
      const dMean = createMatrix(n, d);
      const dVariance = createMatrix(n, d);
      const mean = new Float64Array(n);
      const variance = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const point = x.data.slice(i * d, (i + 1) * d);
        variance[i] = varianceAt(point);
        for (let c = 0; c < k; c++) mean[i] = (mean[i] as number) + (whole.mean[i * k + c] as number) / k;
        for (let f = 0; f < d; f++) {
          const at = i * d + f;
          for (let c = 0; c < k; c++)
            dMean.data[at] = (dMean.data[at] as number) + (pulled.data[(i * k + c) * d + f] as number) / k;
          const value = point[f] as number;
          point[f] = value + STEP;
          const above = varianceAt(point);
          point[f] = value - STEP;
          dVariance.data[at] = (above - varianceAt(point)) / (2 * STEP);
          point[f] = value;
        }
      }
      return { mean, variance, dMean, dVariance };
    },
    condition: (x: Matrix, y: Float64Array) => averagedModel(model.condition(x as FeatureMatrix, y), disturber),
  };
}

const STEP = 1e-4;
