import { DomainError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import type { Feature, FeatureMatrix } from "../../matrix/matrix.ts";
import { absoluteUnit, multiplyUnits } from "../../units/composeUnits.ts";
import { convertUnit } from "../../units/convertUnit.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { type FeatureStep, type FittedStep, fittedStep, indicesOf, readStoredStep, sourcesOf } from "./featureStep.ts";

export interface PolynomialFeaturesOptions {
  /** Largest number of factors in a term, 2 or 3. @defaultValue 2 */
  readonly degree?: 2 | 3 | undefined;
  /** Products of different features only, no powers. @defaultValue false */
  readonly interactionsOnly?: boolean | undefined;
  /** Features to multiply, by name. @defaultValue all */
  readonly features?: readonly string[] | undefined;
}

export const POLYNOMIAL_TYPE = "core/polynomial-features";
const MOST_TERMS = 20_000;

/**
 * Adds products of features to the features: `T × t`, `T²`, `T² × t`. Units multiply (`K*h`, `K2`); a feature on a scale
 * with an arbitrary zero (°C, °F) enters the products in kelvin. A product with a missing factor is missing.
 *
 * @throws DomainError for another degree, or more than 20 000 terms; DataError from `fit` for an unknown feature
 * @example
 * polynomialFeatures({ degree: 2, features: ["T", "t"] }); // adds T², T × t, t²
 */
export function polynomialFeatures(options: PolynomialFeaturesOptions = {}): FeatureStep {
  const { degree = 2, interactionsOnly = false, features } = options;
  if (degree !== 2 && degree !== 3) {
    throw new DomainError(`polynomialFeatures: degree is ${String(degree)}, expected 2 or 3`);
  }
  return {
    name: "polynomial",
    citations: [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      refuseNonFinite(x, context.rows, { allowMissing: true, who: "polynomialFeatures" });
      const chosen = indicesOf(x, features, "polynomialFeatures");
      const n = chosen.length;
      const count = interactionsOnly
        ? (n * (n - 1)) / 2 + (degree === 3 ? (n * (n - 1) * (n - 2)) / 6 : 0)
        : (n * (n + 1)) / 2 + (degree === 3 ? (n * (n + 1) * (n + 2)) / 6 : 0);
      if (count > MOST_TERMS) {
        throw new DomainError(
          `polynomialFeatures: ${n} features of degree ${degree} give ${count} terms, more than ${MOST_TERMS}; name fewer features, or select some beforehand`,
        );
      }
      return build(x.features, termsOf(chosen, degree, interactionsOnly), degree);
    },
  };
}

export function readPolynomial(data: unknown): FittedStep {
  const { inputs, params, state, read } = readStoredStep(data, POLYNOMIAL_TYPE);
  const degree = read.oneOf(params["degree"], [2, 3] as const, "params.degree");
  const terms = decodeArray(state["terms"], "i32");
  if (terms.length % degree !== 0 || terms.some((k) => !(k >= -1 && k < inputs.length))) {
    read.record(undefined, "state.terms");
  }
  return build(inputs, terms, degree);
}

/** `degree` feature indices per term, −1 for none; by degree, then in order. */
function termsOf(chosen: Int32Array, degree: number, interactionsOnly: boolean): Int32Array {
  const terms: number[] = [];
  const step = interactionsOnly ? 1 : 0;
  const indices = Array.from(chosen);
  for (const [a, i] of indices.entries()) {
    for (const j of indices.slice(a + step)) terms.push(i, j, ...(degree === 3 ? [-1] : []));
  }
  for (const [a, i] of degree === 3 ? indices.entries() : []) {
    for (const [b, j] of indices.slice(a + step).entries()) {
      for (const k of indices.slice(a + step + b + step)) terms.push(i, j, k);
    }
  }
  return Int32Array.from(terms);
}

function build(inputs: readonly Feature[], terms: Int32Array, degree: 2 | 3): FittedStep {
  const n = inputs.length;
  const nTerms = terms.length / degree;
  const width = n + nTerms;
  const scale = new Float64Array(nTerms);
  const parts = Array.from({ length: nTerms }, (_, t) =>
    Array.from(terms.subarray(t * degree, (t + 1) * degree)).filter((k) => k >= 0),
  );
  const outputs = parts.map((factors, t): Feature => {
    const used = factors.map((k) => inputs[k] as Feature); // indices of inputs
    let unit = "";
    scale[t] = 1;
    for (const feature of used) {
      const product = multiplyUnits(unit, absoluteUnit(feature.unit));
      unit = product.unit;
      scale[t] = (scale[t] as number) * product.factor;
    }
    return { name: productName(used.map((feature) => feature.name)), unit, source: sourcesOf(used) };
  });
  // What makes kelvin of °C and °F; 1 and 0 for all others.
  const shift = Float64Array.from(inputs, ({ unit }) => convertUnit(0, unit, absoluteUnit(unit)));
  const slope = Float64Array.from(inputs, ({ unit }, k) =>
    shift[k] === 0 ? 1 : convertUnit(1, unit, absoluteUnit(unit)) - (shift[k] as number),
  );
  const factor = (value: number, k: number): number => value * (slope[k] as number) + (shift[k] as number);
  return fittedStep({
    type: POLYNOMIAL_TYPE,
    inputs,
    outputs: [...inputs, ...outputs],
    report: [],
    params: { degree },
    state: { terms: encodeArray(terms) },
    apply(x, out) {
      for (let i = 0; i < x.rows; i++) {
        const row = x.data.subarray(i * n, (i + 1) * n);
        out.set(row, i * width);
        for (const [t, factors] of parts.entries()) {
          let product = scale[t] as number;
          for (const k of factors) product *= factor(row[k] as number, k);
          out[i * width + n + t] = product;
        }
      }
    },
    differentiate(row, out) {
      for (let k = 0; k < n; k++) out[k * n + k] = 1;
      for (const [t, factors] of parts.entries()) {
        for (const [p, k] of factors.entries()) {
          let product = (scale[t] as number) * (slope[k] as number);
          for (const [q, other] of factors.entries()) if (q !== p) product *= factor(row[other] as number, other);
          const at = (n + t) * n + k;
          out[at] = (out[at] as number) + product;
        }
      }
    },
  });
}

/** `T² × t` */
function productName(names: readonly string[]): string {
  const powers = new Map<string, number>();
  for (const name of names) powers.set(name, (powers.get(name) ?? 0) + 1);
  return [...powers]
    .map(([name, power]) => (power === 1 ? name : `${/\s/.test(name) ? `(${name})` : name}${power === 2 ? "²" : "³"}`))
    .join(" × ");
}
