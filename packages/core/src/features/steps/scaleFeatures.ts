import { DomainError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import type { Feature, FeatureMatrix } from "../../matrix/matrix.ts";
import { quantileSorted } from "../../statistics/quantile.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { meanOf, presentOf, spreadOf } from "./featureColumns.ts";
import { type FeatureStep, type FittedStep, fittedStep, readStoredStep } from "./featureStep.ts";

export const SCALE_METHODS = ["standard", "robust", "min-max"] as const;
export type ScaleMethod = (typeof SCALE_METHODS)[number];

export interface ScaleFeaturesOptions {
  /**
   * `standard`: (x − mean) / standard deviation (divided by n); `robust`: (x − median) / interquartile range; `min-max`:
   * (x − minimum) / range. @defaultValue "standard"
   */
  readonly method?: ScaleMethod | undefined;
}

export const SCALE_TYPE = "core/scale-features";

/**
 * Scales every feature by what the training rows show of it; missing values are left out and stay missing. The scaled
 * features carry no unit. A feature whose spread is 0 is shifted only, and the report names it.
 *
 * @throws DomainError for an unknown method; DataError from `fit` for infinite values, naming them
 * @example
 * featurePipeline(tableFeaturizer({ targets: ["Hardness"] }), [scaleFeatures({ method: "robust" })]);
 */
export function scaleFeatures(options: ScaleFeaturesOptions = {}): FeatureStep {
  const { method = "standard" } = options;
  if (!SCALE_METHODS.includes(method)) {
    throw new DomainError(`scaleFeatures: method is "${method}", expected ${SCALE_METHODS.join(" or ")}`);
  }
  return {
    name: "scale",
    citations: [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      refuseNonFinite(x, context.rows, { allowMissing: true, who: "scaleFeatures" });
      const centre = new Float64Array(x.columns);
      const scale = new Float64Array(x.columns).fill(1);
      const report: string[] = [];
      for (const [k, { name }] of x.features.entries()) {
        const values = presentOf(x, k).sort();
        if (values.length === 0) {
          report.push(`"${name}" has no values in the training rows; left as it is`);
          continue;
        }
        const [middle, spread] = measure(values, method);
        centre[k] = middle;
        // A constant that is not exact in binary has a spread of rounding errors.
        if (values[0] !== values.at(-1) && spread > 0) scale[k] = spread;
        else report.push(`"${name}" has ${method} spread 0 in the training rows; shifted only`);
      }
      return build(x.features, report, method, centre, scale);
    },
  };
}

export function readScale(data: unknown): FittedStep {
  const { inputs, report, params, state, read } = readStoredStep(data, SCALE_TYPE);
  const method = read.oneOf(params["method"], SCALE_METHODS, "params.method");
  return build(inputs, report, method, decodeArray(state["centre"], "f64"), decodeArray(state["scale"], "f64"));
}

function measure(sorted: Float64Array, method: ScaleMethod): readonly [number, number] {
  switch (method) {
    case "standard":
      return [meanOf(sorted), spreadOf(sorted)];
    case "robust":
      return [quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25)];
    case "min-max":
      return [quantileSorted(sorted, 0), quantileSorted(sorted, 1) - quantileSorted(sorted, 0)];
  }
}

function build(
  inputs: readonly Feature[],
  report: readonly string[],
  method: ScaleMethod,
  centre: Float64Array,
  scale: Float64Array,
): FittedStep {
  const n = inputs.length;
  return fittedStep({
    type: SCALE_TYPE,
    inputs,
    outputs: inputs.map((feature) => ({ ...feature, unit: "" })),
    report,
    params: { method },
    state: { centre: encodeArray(centre), scale: encodeArray(scale) },
    apply(x, out) {
      for (const [at, value] of x.data.entries()) {
        out[at] = (value - (centre[at % n] as number)) / (scale[at % n] as number); // n long each
      }
    },
    differentiate(_inputs, out) {
      for (const [k, spread] of scale.entries()) out[k * n + k] = 1 / spread;
    },
  });
}
