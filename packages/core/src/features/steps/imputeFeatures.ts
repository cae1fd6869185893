import { DataError, DomainError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import { nearestDonors } from "../../kernels/index.ts";
import type { Feature, FeatureMatrix } from "../../matrix/matrix.ts";
import { quantileSorted } from "../../statistics/quantile.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { mostFrequent } from "./dropConstant.ts";
import { columnOf, meanOf, presentOf, spreadOf } from "./featureColumns.ts";
import { type FeatureStep, type FittedStep, fittedStep, readStoredStep, sourcesOf } from "./featureStep.ts";

export const IMPUTE_METHODS = ["mean", "median", "most-frequent", "constant", "nearest", "none"] as const;
export type ImputeMethod = (typeof IMPUTE_METHODS)[number];

export interface ImputeFeaturesOptions {
  /**
   * What fills a gap: mean, median or most frequent training value of the feature (the smallest of several), a constant, or
   * the mean over the nearest training rows that have it. `none` fills nothing and only marks.
   */
  readonly method: ImputeMethod;
  /** The constant, where the method is that. */
  readonly value?: number | undefined;
  /** Number of nearest rows, where the method is that. @defaultValue 5 */
  readonly nNeighbours?: number | undefined;
}

export const IMPUTE_TYPE = "core/impute-features";

interface Filling {
  readonly method: ImputeMethod;
  readonly nNeighbours: number;
  /** Per feature; for `nearest`: where no training row is near. */
  readonly values: Float64Array;
  /** Features with a gap in the training rows, and the mask that each has a part in. */
  readonly marked: Int32Array;
  readonly maskOf: Int32Array;
  /** For `nearest`: training rows, and 1 / standard deviation of each feature. */
  readonly donors: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Fills missing features, and says so: every feature with a gap in the training rows gets a mask `T is missing` (1 or 0;
 * features of one origin with the same gaps share one, which is 1 where any of them is missing), and `features missing beyond training` counts, per row, the gaps in features that had none in training (0 in every
 * training row, so a domain check sees it).
 *
 * `nearest` takes the mean over the `nNeighbours` training rows nearest in the features that both rows have, each divided by
 * its standard deviation: d² = (nFeatures / nShared) Σ ((a − b)/s)². A row that shares no feature with any training row gets
 * the mean. A training row is among its own neighbours only for features it has.
 *
 * @throws DomainError for a missing or superfluous constant; DataError from `fit` for a feature without any value, or
 * infinite ones
 * @see Troyanskaya et al., Bioinformatics 17, 520 (2001), doi:10.1093/bioinformatics/17.6.520 (nearest neighbours)
 * @example
 * featurePipeline(featurizer, [imputeFeatures({ method: "median" })]);
 */
export function imputeFeatures(options: ImputeFeaturesOptions): FeatureStep {
  const { method, value, nNeighbours = 5 } = options;
  if (!IMPUTE_METHODS.includes(method)) {
    throw new DomainError(`imputeFeatures: method is "${String(method)}", expected ${IMPUTE_METHODS.join(" or ")}`);
  }
  if ((method === "constant") !== (value !== undefined && Number.isFinite(value))) {
    throw new DomainError(
      method === "constant"
        ? `imputeFeatures: method "constant" needs a finite value, got ${value}`
        : `imputeFeatures: value is given, but the method is "${method}", not "constant"`,
    );
  }
  if (!(Number.isInteger(nNeighbours) && nNeighbours >= 1)) {
    throw new DomainError(`imputeFeatures: nNeighbours must be a whole number of at least 1, got ${nNeighbours}`);
  }
  return {
    name: "impute",
    citations:
      method === "nearest"
        ? ["Troyanskaya et al., Bioinformatics 17, 520 (2001), doi:10.1093/bioinformatics/17.6.520"]
        : [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedStep> => {
      refuseNonFinite(x, context.rows, { allowMissing: true, who: "imputeFeatures" });
      const sorted = x.features.map((_, k) => presentOf(x, k).sort());
      const empty = x.features.filter((_, k) => sorted[k]?.length === 0);
      if (empty.length > 0 && method !== "constant" && method !== "none") {
        throw new DataError(
          `imputeFeatures: no training row has ${empty.map(({ name }) => `"${name}"`).join(", ")}; drop it beforehand (dropConstant does), or fill it by a constant`,
        );
      }
      const values = Float64Array.from(sorted, (column) => fillingOf(column, method, value));
      const marked = Int32Array.from(sorted.keys()).filter((k) => (sorted[k]?.length ?? 0) < x.rows);
      const spreads = method === "nearest" ? sorted.map((column) => spreadOf(column)) : [];
      return build(x.features, reportOf(x, sorted, values, method), {
        method,
        nNeighbours,
        values,
        marked,
        maskOf: masksOf(x, marked),
        donors: method === "nearest" ? x.data.slice() : new Float64Array(0),
        weights: Float64Array.from(spreads, (spread) => (spread > 0 ? 1 / spread : 0)),
      });
    },
  };
}

/** Marks gaps without filling them: {@link imputeFeatures} by the method `none`. */
export function markMissing(): FeatureStep {
  return { ...imputeFeatures({ method: "none" }), name: "mark-missing" };
}

export function readImpute(data: unknown): FittedStep {
  const { inputs, report, params, state, read } = readStoredStep(data, IMPUTE_TYPE);
  return build(inputs, report, {
    method: read.oneOf(params["method"], IMPUTE_METHODS, "params.method"),
    nNeighbours: read.number(params["nNeighbours"], "params.nNeighbours"),
    values: decodeArray(state["values"], "f64"),
    marked: decodeArray(state["marked"], "i32"),
    maskOf: decodeArray(state["maskOf"], "i32"),
    donors: decodeArray(state["donors"], "f64"),
    weights: decodeArray(state["weights"], "f64"),
  });
}

/** One mask per origin and set of rows with gaps, in the order of the features. */
function masksOf(x: FeatureMatrix, marked: Int32Array): Int32Array {
  const masks = new Map<string, number>();
  return marked.map((k) => {
    const gaps = columnOf(x, k).map((value) => (Number.isNaN(value) ? 1 : 0));
    const key = `${JSON.stringify(x.features[k]?.source)} ${gaps.join("")}`;
    const mask = masks.get(key) ?? masks.size;
    masks.set(key, mask);
    return mask;
  });
}

function fillingOf(sorted: Float64Array, method: ImputeMethod, value: number | undefined): number {
  switch (method) {
    case "mean":
    case "nearest":
      return meanOf(sorted);
    case "median":
      return quantileSorted(sorted, 0.5);
    case "most-frequent":
      return mostFrequent(sorted)[0];
    case "constant":
      return value ?? Number.NaN;
    case "none":
      return Number.NaN;
  }
}

function reportOf(
  x: FeatureMatrix,
  sorted: readonly Float64Array[],
  values: Float64Array,
  method: ImputeMethod,
): string[] {
  return x.features.flatMap(({ name, unit }, k) => {
    const gaps = x.rows - (sorted[k]?.length ?? 0);
    if (gaps === 0) return [];
    const by =
      method === "nearest"
        ? "the nearest rows"
        : `${Number(values[k]?.toPrecision(6))}${unit && ` ${unit}`} (${method})`;
    return [
      `"${name}" is missing in ${gaps} of ${x.rows} training rows; ${method === "none" ? "marked" : `filled by ${by}`}`,
    ];
  });
}

function build(inputs: readonly Feature[], report: readonly string[], filling: Filling): FittedStep {
  const { method, nNeighbours, values, marked, maskOf, donors, weights } = filling;
  const n = inputs.length;
  const nMasks = maskOf.reduce((most, mask) => Math.max(most, mask + 1), 0);
  const width = n + nMasks + 1;
  const unmarked = Array.from(inputs.keys()).filter((k) => !marked.includes(k));
  const nearest = (row: Float64Array, out: Float64Array): void => {
    nearestDonors(donors.length / n, n, nNeighbours, donors, weights, row, values, out);
  };
  return fittedStep({
    type: IMPUTE_TYPE,
    inputs,
    outputs: [
      ...inputs,
      ...Array.from({ length: nMasks }, (_, mask): Feature => {
        const sharing = marked.filter((_k, j) => maskOf[j] === mask);
        const { name, source } = inputs[sharing[0] ?? 0] as Feature; // every mask has a feature
        const more = sharing.length > 1 ? ` and ${sharing.length - 1} more are` : " is";
        return { name: `${name}${more} missing`, unit: "", source };
      }),
      {
        name: "features missing beyond training",
        unit: "",
        source: sourcesOf(unmarked.map((k) => inputs[k] as Feature)),
      },
    ],
    report,
    params: { method, nNeighbours },
    state: {
      values: encodeArray(values),
      marked: encodeArray(marked),
      maskOf: encodeArray(maskOf),
      donors: encodeArray(donors),
      weights: encodeArray(weights),
    },
    apply(x, out) {
      const filled = new Float64Array(n);
      for (let i = 0; i < x.rows; i++) {
        const row = x.data.subarray(i * n, (i + 1) * n);
        filled.set(row);
        if (method === "nearest" && row.some(Number.isNaN)) nearest(row, filled);
        else for (const [k, value] of row.entries()) if (Number.isNaN(value)) filled[k] = values[k] as number;
        const at = i * width;
        out.set(filled, at);
        for (const [j, k] of marked.entries()) if (Number.isNaN(row[k])) out[at + n + (maskOf[j] as number)] = 1;
        for (const k of unmarked) if (Number.isNaN(row[k])) out[at + width - 1] = (out[at + width - 1] as number) + 1;
      }
    },
    differentiate(row, out) {
      for (const [k, value] of row.entries()) if (!Number.isNaN(value)) out[k * n + k] = 1;
    },
  });
}
