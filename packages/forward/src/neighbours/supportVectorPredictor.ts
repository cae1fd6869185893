import { decodeArray, encodeArray, FormatError, type Json, type Matrix, takeRows } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { dot } from "../linear/linearPredictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser, standardise } from "../linear/standardiser.ts";
import { COVARIANCES, type CovarianceName, covarianceOf, distancesFor } from "./covariance.ts";

export interface SupportVectorFit {
  readonly standardiser: Standardiser;
  /** Training rows, standardised, and their weights. */
  readonly points: Matrix;
  readonly beta: Float64Array;
  readonly offset: number;
  readonly covariance: CovarianceName;
  readonly lengthScale: number;
  /** What the target was standardised by. */
  readonly target: { readonly mean: number; readonly scale: number };
}

/** Mean of the target, in its unit: b + Σ β_i k(x, x_i). */
export function supportVectorMeans(fit: SupportVectorFit, x: Matrix): Float64Array {
  const { standardiser, points, beta, offset, covariance, lengthScale, target } = fit;
  const z = standardise(standardiser, x);
  const k = covarianceOf(covariance, distancesFor(covariance, z, points), lengthScale);
  return Float64Array.from(
    { length: z.rows },
    (_, i) => target.mean + target.scale * (offset + dot(beta, k.data, i * points.rows)),
  );
}

/** Keeps the rows that carry weight; one, of no weight, where none does. */
export function supportVectorPredictor(given: SupportVectorFit): Predictor {
  const weighty = Int32Array.from(given.beta.keys()).filter((i) => given.beta[i] !== 0);
  const kept = weighty.length > 0 ? weighty : Int32Array.of(0);
  const fit: SupportVectorFit = {
    ...given,
    points: takeRows(given.points, kept),
    beta: Float64Array.from(kept, (i) => given.beta[i] as number), // of these rows
  };
  return {
    kind: "supportVectors",
    allowsMissing: false,
    estimate: (x: Matrix): Estimates => ({ mean: supportVectorMeans(fit, x), variance: new Float64Array(x.rows) }),
    encode(): { [key: string]: Json } {
      const { standardiser, points, beta, offset, covariance, lengthScale, target } = fit;
      return {
        kind: "supportVectors",
        covariance,
        lengthScale,
        offset,
        target: { mean: target.mean, scale: target.scale },
        standardiser: encodeStandardiser(standardiser),
        points: encodeArray(points.data),
        beta: encodeArray(beta),
      };
    },
  };
}

/** @throws FormatError for a damaged file */
export function decodeSupportVectors(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return supportVectorPredictor(readSupportVectors(data, nFeatures));
}

/** @throws FormatError for a damaged file */
export function readSupportVectors(data: { readonly [key: string]: unknown }, nFeatures: number): SupportVectorFit {
  const { covariance, lengthScale, offset } = data;
  const { mean, scale } = (data["target"] ?? {}) as Record<string, unknown>;
  const standardiser = decodeStandardiser(data["standardiser"], nFeatures);
  const [points, beta] = [decodeArray(data["points"], "f64"), decodeArray(data["beta"], "f64")];
  const columns = standardiser.used.length;
  const isWhole =
    COVARIANCES.includes(covariance as CovarianceName) &&
    typeof lengthScale === "number" &&
    lengthScale > 0 &&
    [offset, mean, scale].every((value) => typeof value === "number") &&
    beta.length > 0 &&
    points.length === beta.length * columns;
  if (!isWhole) throw new FormatError("support vectors: the stored rows are inconsistent; the file is damaged");
  return {
    standardiser,
    points: { rows: beta.length, columns, data: points },
    beta,
    offset: offset as number,
    covariance: covariance as CovarianceName,
    lengthScale,
    target: { mean: mean as number, scale: scale as number },
  };
}
