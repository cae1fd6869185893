import { DomainError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import type { Law } from "./law.ts";
import { decodeLaw, encodeLaw } from "./storedLaw.ts";

/** Law plus a predictor of what it leaves; the variance is that of the latter. */
export function residualPredictor(law: Law, parameters: Float64Array, rest: Predictor): Predictor {
  return {
    kind: "residual",
    allowsMissing: rest.allowsMissing,
    estimate(x: Matrix): Estimates {
      const base = lawValues("predict", law, x, parameters);
      const { mean, variance } = rest.estimate(x);
      return { mean: mean.map((value, i) => value + (base[i] as number)), variance }; // one per row
    },
    encode: (): { [key: string]: Json } => ({ kind: "residual", ...encodeLaw(law, parameters), rest: rest.encode() }),
  };
}

/** @throws DomainError naming the row where the law has no value */
export function lawValues(caller: string, law: Law, x: Matrix, parameters: Float64Array): Float64Array {
  const values = law.values(x, parameters);
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return values;
  throw new DomainError(
    `${caller}: the law "${law.text}" has no finite value in row ${row}: a feature it needs is missing, or it divides by 0 or leaves the range of a function; drop the row, or guard the law by a condition`,
  );
}

/** @throws FormatError for a damaged file */
export function decodeResidual(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (rest: unknown) => Predictor,
): Predictor {
  const { law, values } = decodeLaw(data, nFeatures);
  return residualPredictor(law, values, read(data["rest"]));
}
