import { DataError, DomainError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import type { Feature, FeatureMatrix } from "../../matrix/matrix.ts";
import { rangesText } from "../../text/rangesText.ts";
import { absoluteUnit, powerOfUnit } from "../../units/composeUnits.ts";
import { convertUnit } from "../../units/convertUnit.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite, rowLabel } from "../nonFinite.ts";
import { presentOf } from "./featureColumns.ts";
import { type FeatureStep, type FittedStep, fittedStep, indicesOf, readStoredStep } from "./featureStep.ts";
import { fitYeoJohnson, yeoJohnson, yeoJohnsonSlope } from "./yeoJohnson.ts";

export const TRANSFORMS = ["log10", "ln", "sqrt", "reciprocal", "yeo-johnson"] as const;
export type Transform = (typeof TRANSFORMS)[number];

export interface TransformFeaturesOptions {
  readonly transform: Transform;
  /** Features to transform, by name. @defaultValue all */
  readonly features?: readonly string[] | undefined;
  /** Keeps the feature beside what it becomes. @defaultValue false: in its place */
  readonly keep?: boolean | undefined;
  /** What a value outside the domain (log of 0, root of −1, 1/0) does: `error`, or become `missing`. @defaultValue "error" */
  readonly outside?: "error" | "missing" | undefined;
}

export const TRANSFORM_TYPE = "core/transform-features";

interface Fitted {
  readonly transform: Transform;
  readonly keep: boolean;
  readonly outside: "error" | "missing";
  readonly chosen: Int32Array;
  /** Exponent λ of the Yeo–Johnson transform per chosen feature. */
  readonly lambda: Float64Array;
}

/**
 * Transforms features one by one.
 *
 * - `log10`, `ln`: of the number in the feature's unit, which the name then states (`log10(t / h)`); the result has no unit;
 * - `sqrt`, `reciprocal`: units follow (`um^0.5`, `1/K`);
 * - `yeo-johnson`: power transform towards normal values, λ of greatest likelihood on the training rows (reported); no unit.
 *
 * A feature on a scale with an arbitrary zero (°C, °F) is taken in kelvin first, so `1/T` is what Arrhenius means by it.
 *
 * @throws DomainError for an unknown transform, or from `transform`, naming feature and rows outside the domain
 * @throws DataError from `fit` for an unknown feature or infinite values
 * @example
 * transformFeatures({ transform: "reciprocal", features: ["temperature"], keep: true }); // adds "1 / temperature" in 1/K
 */
export function transformFeatures(options: TransformFeaturesOptions): FeatureStep {
  const { transform, features, keep = false, outside = "error" } = options;
  if (!TRANSFORMS.includes(transform)) {
    throw new DomainError(
      `transformFeatures: transform is "${String(transform)}", expected ${TRANSFORMS.join(" or ")}`,
    );
  }
  return {
    name: "transform",
    citations:
      transform === "yeo-johnson" ? ["Yeo, Johnson, Biometrika 87, 954 (2000), doi:10.1093/biomet/87.4.954"] : [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      refuseNonFinite(x, context.rows, { allowMissing: true, who: "transformFeatures" });
      const chosen = indicesOf(x, features, "transformFeatures");
      const isPower = transform === "yeo-johnson";
      const report: string[] = [];
      const lambda = Float64Array.from(isPower ? chosen : [], (k) => {
        const values = presentOf(x, k).map(absolute(x.features[k] as Feature).of); // chosen from the features
        const { name } = x.features[k] as Feature;
        if (values.length === 0) throw new DataError(`transformFeatures: no training row has "${name}"`);
        if (values.every((value) => value === values[0])) {
          report.push(`"${name}" is constant in the training rows; λ = 1, left as it is`);
          return 1;
        }
        const fitted = fitYeoJohnson(values);
        report.push(`"${name}": Yeo–Johnson λ = ${fitted.toFixed(4)}`);
        return fitted;
      });
      return build(x.features, report, { transform, keep, outside, chosen, lambda });
    },
  };
}

export function readTransform(data: unknown): FittedStep {
  const { inputs, report, params, state, read } = readStoredStep(data, TRANSFORM_TYPE);
  return build(inputs, report, {
    transform: read.oneOf(params["transform"], TRANSFORMS, "params.transform"),
    keep: read.oneOf(params["keep"], [true, false], "params.keep"),
    outside: read.oneOf(params["outside"], ["error", "missing"] as const, "params.outside"),
    chosen: decodeArray(state["chosen"], "i32"),
    lambda: decodeArray(state["lambda"], "f64"),
  });
}

interface Column {
  /** Input, exponent, and where it goes. */
  readonly from: number;
  readonly to: number;
  readonly of: (x: number) => number;
  readonly slope: (x: number) => number;
}

function build(inputs: readonly Feature[], report: readonly string[], fitted: Fitted): FittedStep {
  const { transform, keep, outside, chosen, lambda } = fitted;
  const n = inputs.length;
  const outputs: Feature[] = [...inputs];
  const columns = Array.from(chosen, (from, c): Column => {
    const feature = inputs[from] as Feature; // chosen from the inputs
    const to = keep ? n + c : from;
    outputs[to] = { ...feature, ...describe(feature, transform) };
    const { of, slope } = absolute(feature);
    const f = FUNCTIONS[transform];
    const power = lambda[c] ?? 1;
    return { from, to, of: (x) => f.of(of(x), power), slope: (x) => f.slope(of(x), power) * slope };
  });
  const width = outputs.length;
  return fittedStep({
    type: TRANSFORM_TYPE,
    inputs,
    outputs,
    report,
    params: { transform, keep, outside },
    state: { chosen: encodeArray(chosen), lambda: encodeArray(lambda) },
    apply(x, out, rows) {
      for (let i = 0; i < x.rows; i++) out.set(x.data.subarray(i * n, (i + 1) * n), i * width);
      for (const { from, to, of } of columns) {
        const wrong: number[] = [];
        let first = Number.NaN;
        for (let i = 0; i < x.rows; i++) {
          const value = x.data[i * n + from] as number; // from < n
          const y = of(value);
          const isOutside = !Number.isFinite(y) && Number.isFinite(value);
          if (isOutside && wrong.length === 0) first = value;
          if (isOutside) wrong.push(rowLabel(rows, i));
          out[i * width + to] = isOutside ? Number.NaN : y;
        }
        if (wrong.length === 0 || outside === "missing") continue;
        const { name, unit, source } = inputs[from] as Feature; // chosen from the inputs
        throw new DomainError(
          `transformFeatures: ${transform} does not exist for ${first}${unit && ` ${unit}`} in ${rangesText(wrong)}; ${DOMAINS[transform]}, or say outside: "missing"`,
          { location: { file: rows?.source, column: source.length === 1 ? source[0] : name } },
        );
      }
    },
    differentiate(row, out) {
      for (let k = 0; k < n; k++) out[k * n + k] = 1;
      for (const { from, to, slope } of columns) out[to * n + from] = slope(row[from] as number);
    },
  });
}

const FUNCTIONS: Readonly<
  Record<
    Transform,
    { readonly of: (x: number, power: number) => number; readonly slope: (x: number, power: number) => number }
  >
> = {
  log10: { of: (x) => Math.log10(x), slope: (x) => 1 / (x * Math.LN10) },
  ln: { of: (x) => Math.log(x), slope: (x) => 1 / x },
  sqrt: { of: (x) => Math.sqrt(x), slope: (x) => 0.5 / Math.sqrt(x) },
  reciprocal: { of: (x) => 1 / x, slope: (x) => -1 / (x * x) },
  "yeo-johnson": { of: yeoJohnson, slope: yeoJohnsonSlope },
};

const DOMAINS: Readonly<Record<Transform, string>> = {
  log10: "values must be above 0",
  ln: "values must be above 0",
  sqrt: "values must be at least 0",
  reciprocal: "values must not be 0",
  "yeo-johnson": "values must be finite",
};

function describe({ name, unit }: Feature, transform: Transform): Pick<Feature, "name" | "unit"> {
  const base = absoluteUnit(unit);
  switch (transform) {
    case "log10":
    case "ln":
      return { name: `${transform}(${base === "" ? name : `${name} / ${base}`})`, unit: "" };
    case "sqrt":
      return { name: `sqrt(${name})`, unit: powerOfUnit(base, 0.5).unit };
    case "reciprocal":
      return { name: `1 / ${name}`, unit: powerOfUnit(base, -1).unit };
    case "yeo-johnson":
      return { name: `yeo-johnson(${base === "" ? name : `${name} / ${base}`})`, unit: "" };
  }
}

/** Kelvin of °C and °F; other values as they are. */
function absolute({ unit }: Feature): { readonly of: (x: number) => number; readonly slope: number } {
  const base = absoluteUnit(unit);
  if (base === unit) return { of: (x) => x, slope: 1 };
  const shift = convertUnit(0, unit, base);
  const slope = convertUnit(1, unit, base) - shift;
  return { of: (x) => x * slope + shift, slope };
}
