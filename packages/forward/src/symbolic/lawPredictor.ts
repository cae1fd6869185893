import {
  DomainError,
  decodeArray,
  encodeArray,
  type Feature,
  FormatError,
  type Json,
  type Matrix,
} from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { type Law, readLaw } from "../physics/law.ts";
import { decodeLaw, encodeLaw } from "../physics/storedLaw.ts";

/** A law with fitted parameters. */
export interface FittedLaw {
  readonly law: Law;
  readonly parameters: Float64Array;
  /** Covariance of the parameters, shape [nParameters, nParameters]. */
  readonly covariance: Matrix;
  /** Expressions that must be above 0, as they were in every training row. */
  readonly positive: readonly string[];
}

/** A predictor that refuses rows where its law does not hold. */
export interface LawPredictor extends Predictor {
  /** Means, NaN where the law does not hold. */
  meansWithin(x: Matrix): Float64Array;
  /** Estimates, NaN where the law does not hold. */
  estimateWithin(x: Matrix): Estimates;
}

/** The law, and the variance that the standard errors of its parameters give it. */
export function lawPredictor(fit: FittedLaw): LawPredictor {
  const { law, parameters, covariance, positive } = fit;
  const guards = positive.map((text) => readGuard(text, law.features));
  const meansWithin = (x: Matrix): Float64Array => {
    const mean = law.values(x, parameters).map((value) => (Number.isFinite(value) ? value : Number.NaN));
    for (const guard of guards) {
      for (const [i, value] of guard.evaluate(x).entries()) if (!(value > 0)) mean[i] = Number.NaN;
    }
    return mean;
  };
  const estimateWithin = (x: Matrix): Estimates => {
    const mean = meansWithin(x);
    const m = parameters.length;
    const slopes = law.derivatives(x, parameters).data;
    const variance = mean.map((value, i) => {
      if (Number.isNaN(value)) return value;
      let sum = 0;
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) {
          sum += (slopes[i * m + a] as number) * (covariance.data[a * m + b] as number) * (slopes[i * m + b] as number);
        }
      }
      return Math.max(0, sum); // may miss 0 by rounding
    });
    return { mean, variance };
  };
  return {
    kind: "law",
    allowsMissing: false,
    meansWithin,
    estimateWithin,
    estimate(x: Matrix): Estimates {
      const estimates = estimateWithin(x);
      const row = estimates.mean.findIndex(Number.isNaN);
      if (row < 0) return estimates;
      const broken = guards.find(({ evaluate }) => !((evaluate(x)[row] as number) > 0)); // one per row
      throw new DomainError(
        `predict: row ${row} is outside the domain of the law "${law.text}": ${
          broken === undefined
            ? "it has no finite value there"
            : `${broken.text} must be above 0, as in the training rows`
        }; leave the row out, or use another learner`,
      );
    },
    encode: (): { [key: string]: Json } => ({
      kind: "law",
      ...encodeLaw(law, parameters),
      covariance: encodeArray(covariance.data),
      positive: [...positive],
    }),
  };
}

interface Guard {
  readonly text: string;
  evaluate(x: Matrix): Float64Array;
}

/** The number of an expression in whatever unit it has; only its sign is asked for. */
function readGuard(text: string, features: readonly Feature[]): Guard {
  // The sign of a quantity is a plain number.
  const law = readLaw(`sign(${text})`, features, [], "");
  return { text, evaluate: (x) => law.values(x, new Float64Array(0)) };
}

/** @throws FormatError for a damaged file */
export function decodeLawPredictor(data: { readonly [key: string]: unknown }, nFeatures: number): LawPredictor {
  const { law, values } = decodeLaw(data, nFeatures);
  const covariance = decodeArray(data["covariance"], "f64");
  const positive = data["positive"];
  const isWhole =
    covariance.length === values.length ** 2 &&
    Array.isArray(positive) &&
    positive.every((text): text is string => typeof text === "string");
  if (!isWhole) throw new FormatError("law: the stored model is inconsistent; the file is damaged, train again");
  return lawPredictor({
    law,
    parameters: values,
    covariance: { rows: values.length, columns: values.length, data: covariance },
    positive,
  });
}
