import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { cholesky, choleskyInverse } from "@materiome/core/numerics";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { dot } from "../linear/linearPredictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser, standardise } from "../linear/standardiser.ts";
import { COVARIANCES, type CovarianceName, covarianceOf, distancesFor } from "./covariance.ts";

export interface KernelRidgeFit {
  readonly standardiser: Standardiser;
  /** Training rows, standardised. */
  readonly points: Matrix;
  readonly targets: Float64Array;
  readonly covariance: CovarianceName;
  readonly lengthScale: number;
  readonly penalty: number;
  /** Variance of the function, target units squared. */
  readonly variance: number;
}

/** P = C⁻¹ − s sᵀ / S with C = K + penalty · I, s = C⁻¹ 1 and S = 1ᵀ s: what solves for all but a free constant. */
export interface Projection {
  readonly matrix: Float64Array;
  readonly s: Float64Array;
  readonly total: number;
}

/** Undefined where C is not positive definite in floating point. */
export function projectionOf(k: Matrix, penalty: number): Projection | undefined {
  const n = k.rows;
  const c = { ...k, data: k.data.slice() };
  for (let i = 0; i < n; i++) c.data[i * n + i] = (c.data[i * n + i] as number) + penalty;
  let matrix: Float64Array;
  try {
    matrix = choleskyInverse(cholesky(c)).data;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "DATA") return undefined;
    throw error;
  }
  const s = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] as number; // below n²
    s[i] = sum;
    total += sum;
  }
  for (let i = 0; i < n; i++) {
    const factor = (s[i] as number) / total;
    for (let j = 0; j < n; j++) matrix[i * n + j] = (matrix[i * n + j] as number) - factor * (s[j] as number);
  }
  return { matrix, s, total };
}

/** The mean is `constant` + k(x)ᵀ `weights`. */
export interface KernelWeights {
  readonly weights: Float64Array;
  readonly constant: number;
  readonly projection: Projection;
}

/** @throws FormatError where the stored numbers give no covariance matrix */
export function kernelWeights({ points, targets, covariance, lengthScale, penalty }: KernelRidgeFit): KernelWeights {
  const n = points.rows;
  const own = covarianceOf(covariance, distancesFor(covariance, points, points), lengthScale);
  const projection = projectionOf(own, penalty);
  if (projection === undefined) {
    throw new FormatError("kernel ridge: the stored rows give no positive definite matrix; the file is damaged");
  }
  const { matrix, s, total } = projection;
  const weights = Float64Array.from({ length: n }, (_, i) => dot(targets, matrix, i * n));
  return { weights, constant: dot(s, targets, 0) / total, projection };
}

/**
 * Mean b + k(x)ᵀ P y, b = sᵀ y / S, and the variance of the mean that kriging with an unknown constant has,
 * v · (k(x, x) − kᵀ P k − 2 sᵀ k / S + 1 / S).
 *
 * @throws FormatError where the stored numbers give no covariance matrix
 */
export function kernelRidgePredictor(fit: KernelRidgeFit): Predictor {
  const { standardiser, points, targets, covariance, lengthScale, penalty } = fit;
  const n = points.rows;
  const { weights, constant, projection } = kernelWeights(fit);
  const { matrix, s, total } = projection;
  return {
    kind: "kernelRidge",
    allowsMissing: false,
    estimate(x: Matrix): Estimates {
      const z = standardise(standardiser, x);
      const k = covarianceOf(covariance, distancesFor(covariance, z, points), lengthScale);
      const mean = new Float64Array(z.rows);
      const variance = new Float64Array(z.rows);
      for (let i = 0; i < z.rows; i++) {
        const row = k.data.subarray(i * n, (i + 1) * n);
        let known = 0;
        for (let j = 0; j < n; j++) known += (row[j] as number) * dot(row, matrix, j * n); // j < n
        mean[i] = constant + dot(row, weights, 0);
        // Rounding may leave a little less than nothing at a training row.
        variance[i] = fit.variance * Math.max(0, 1 - known - (2 * dot(row, s, 0) - 1) / total);
      }
      return { mean, variance };
    },
    encode(): { [key: string]: Json } {
      return {
        kind: "kernelRidge",
        covariance,
        lengthScale,
        penalty,
        variance: fit.variance,
        standardiser: encodeStandardiser(standardiser),
        points: encodeArray(points.data),
        targets: encodeArray(targets),
      };
    },
  };
}

/** @throws FormatError for a damaged file */
export function decodeKernelRidge(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return kernelRidgePredictor(readKernelRidge(data, nFeatures));
}

/** @throws FormatError for a damaged file */
export function readKernelRidge(data: { readonly [key: string]: unknown }, nFeatures: number): KernelRidgeFit {
  const { covariance, lengthScale, penalty, variance } = data;
  const standardiser = decodeStandardiser(data["standardiser"], nFeatures);
  const targets = decodeArray(data["targets"], "f64");
  const points = decodeArray(data["points"], "f64");
  const columns = standardiser.used.length;
  const isWhole =
    COVARIANCES.includes(covariance as CovarianceName) &&
    [lengthScale, penalty].every((value) => typeof value === "number" && value > 0) &&
    typeof variance === "number" &&
    points.length === targets.length * columns;
  if (!isWhole) throw new FormatError("kernel ridge: the stored rows are inconsistent; the file is damaged");
  return {
    standardiser,
    points: { rows: targets.length, columns, data: points },
    targets,
    covariance: covariance as CovarianceName,
    lengthScale: lengthScale as number,
    penalty: penalty as number,
    variance: variance as number,
  };
}
