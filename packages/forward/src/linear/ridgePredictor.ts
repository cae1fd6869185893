import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { type Basis, decodeBasis, encodeBasis, expand } from "./basis.ts";

/** A fitted ridge: `mean(x) = intercept + z(x)ᵀ coefficients`; directions and spectrum give the variance of the mean. */
export interface RidgeFit {
  readonly basis: Basis;
  readonly intercept: number;
  readonly coefficients: Float64Array;
  readonly alpha: number;
  readonly n: number;
  /** Residual variance, target units squared. */
  readonly noise: number;
  /** Right singular vectors of the standardised terms in rows, shape [rank, nTerms], and their squared singular values. */
  readonly directions: Matrix;
  readonly spectrum: Float64Array;
}

/**
 * Variance of the mean: noise · (1/n + zᵀ (ZᵀZ + α I)⁻¹ z), the posterior variance of Bayesian linear regression whose
 * prior matches α. Along directions that the training rows do not span the term is |z⊥|² / α.
 */
export function ridgePredictor(fit: RidgeFit): Predictor {
  const { basis, intercept, coefficients, alpha, n, noise, directions, spectrum } = fit;
  return {
    kind: "ridge",
    allowsMissing: false,
    estimate(x: Matrix): Estimates {
      const z = expand(basis, x);
      const p = z.columns;
      const mean = new Float64Array(z.rows);
      const variance = new Float64Array(z.rows);
      for (let i = 0; i < z.rows; i++) {
        const row = z.data.subarray(i * p, (i + 1) * p);
        let norm = 0;
        let value = intercept;
        for (let k = 0; k < p; k++) {
          const term = row[k] as number; // k < p
          norm += term * term;
          value += term * (coefficients[k] as number);
        }
        let inside = 0;
        let leverage = 0;
        for (let r = 0; r < directions.rows; r++) {
          let dot = 0;
          for (let k = 0; k < p; k++) dot += (directions.data[r * p + k] as number) * (row[k] as number);
          inside += dot * dot;
          leverage += (dot * dot) / ((spectrum[r] as number) + alpha);
        }
        // Rounding leaves about 1e-14 of the norm where the directions span everything.
        const outside = norm - inside > 1e-10 * norm ? norm - inside : 0;
        mean[i] = value;
        variance[i] = noise * (1 / n + leverage + (alpha > 0 ? outside / alpha : 0));
      }
      return { mean, variance };
    },
    meanParts: () => ({ offset: intercept, parts: [{ kind: "polynomial", basis, coefficients, scale: 1 }] }),
    encode(): { [key: string]: Json } {
      return {
        kind: "ridge",
        intercept,
        alpha,
        n,
        noise,
        basis: encodeBasis(basis),
        coefficients: encodeArray(coefficients),
        directions: encodeArray(directions.data),
        spectrum: encodeArray(spectrum),
      };
    },
  };
}

export function decodeRidge(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  const { intercept, alpha, n, noise } = data;
  if (
    typeof intercept !== "number" ||
    typeof alpha !== "number" ||
    typeof n !== "number" ||
    typeof noise !== "number"
  ) {
    throw new FormatError("ridge: the stored model lacks numbers; the file is damaged, train again");
  }
  const basis = decodeBasis(data["basis"], nFeatures);
  const coefficients = decodeArray(data["coefficients"], "f64");
  const spectrum = decodeArray(data["spectrum"], "f64");
  const directions = decodeArray(data["directions"], "f64");
  const p = basis.first.length;
  if (coefficients.length !== p || directions.length !== spectrum.length * p) {
    throw new FormatError("ridge: the stored arrays differ in size; the file is damaged, train again");
  }
  return ridgePredictor({
    basis,
    intercept,
    coefficients,
    alpha,
    n,
    noise,
    directions: { rows: spectrum.length, columns: p, data: directions },
    spectrum,
  });
}
