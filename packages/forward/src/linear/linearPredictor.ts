import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import type { Basis } from "./basis.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser, standardise } from "./standardiser.ts";

/** A fitted linear function of standardised features z: mean = intercept + zᵀ coefficients. */
export interface LinearFit {
  readonly standardiser: Standardiser;
  readonly intercept: number;
  /** Target units per standard deviation of the feature. */
  readonly coefficients: Float64Array;
  /** Variance of the mean at the centre, target units squared. */
  readonly variance: number;
  /** Rows v add (vᵀ z)² to the variance of the mean, shape [rank, nUsed], target units. */
  readonly directions: Matrix;
}

/** Mean and variance of a {@link LinearFit} to rows of `nFeatures` features. */
export function linearPredictor(fit: LinearFit, nFeatures: number): Predictor {
  const { standardiser, intercept, coefficients, directions } = fit;
  return {
    kind: "linear",
    allowsMissing: false,
    estimate(x: Matrix): Estimates {
      const z = standardise(standardiser, x);
      const m = z.columns;
      const mean = new Float64Array(z.rows);
      const variance = new Float64Array(z.rows);
      for (let i = 0; i < z.rows; i++) {
        const row = z.data.subarray(i * m, (i + 1) * m);
        mean[i] = intercept + dot(row, coefficients, 0);
        let sum = fit.variance;
        for (let r = 0; r < directions.rows; r++) sum += dot(row, directions.data, r * m) ** 2;
        variance[i] = sum;
      }
      return { mean, variance };
    },
    meanParts: () => ({
      offset: intercept,
      parts: [{ kind: "polynomial", basis: basisOf(standardiser, nFeatures), coefficients, scale: 1 }],
    }),
    encode(): { [key: string]: Json } {
      return {
        kind: "linear",
        intercept,
        variance: fit.variance,
        standardiser: encodeStandardiser(standardiser),
        coefficients: encodeArray(coefficients),
        directions: encodeArray(directions.data),
      };
    },
  };
}

/** The standardised features as terms of a basis. */
export function basisOf({ used, centre, scale }: Standardiser, nFeatures: number): Basis {
  const spread = (values: Float64Array): Float64Array => {
    const all = new Float64Array(nFeatures);
    for (const [k, f] of used.entries()) all[f] = values[k] as number; // one per used feature
    return all;
  };
  return {
    centre: spread(centre),
    scale: spread(scale),
    first: used,
    second: new Int32Array(used.length).fill(-1),
    termCentre: new Float64Array(used.length),
    termScale: new Float64Array(used.length).fill(1),
  };
}

/** Sum of the products of a with b from `at` on. */
export function dot(a: Float64Array, b: Float64Array, at: number): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[at + k] as number); // b is as long
  return sum;
}

/** @throws FormatError for a damaged file */
export function decodeLinear(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  const { intercept, variance } = data;
  if (typeof intercept !== "number" || typeof variance !== "number") {
    throw new FormatError("linear model: the stored model lacks numbers; the file is damaged, train again");
  }
  const standardiser = decodeStandardiser(data["standardiser"], nFeatures);
  const coefficients = decodeArray(data["coefficients"], "f64");
  const directions = decodeArray(data["directions"], "f64");
  const columns = standardiser.used.length;
  const rows = columns === 0 ? 0 : directions.length / columns;
  if (coefficients.length !== columns || !Number.isInteger(rows) || directions.length !== rows * columns) {
    throw new FormatError("linear model: the stored arrays differ in size; the file is damaged, train again");
  }
  return linearPredictor(
    { standardiser, intercept, coefficients, variance, directions: { rows, columns, data: directions } },
    nFeatures,
  );
}

/** What each feature does, in its units and by its standard deviation, strongest first. */
export function describeFeatures(
  { standardiser, coefficients }: Pick<LinearFit, "standardiser" | "coefficients">,
  names: readonly { readonly name: string }[],
): Json {
  const list = Array.from(standardiser.used, (f, k) => {
    const effect = coefficients[k] as number; // one per used feature
    return { feature: names[f]?.name ?? String(f), slope: effect / (standardiser.scale[k] as number), effect };
  });
  return list.filter(({ effect }) => effect !== 0).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}
