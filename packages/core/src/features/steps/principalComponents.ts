import { ConvergenceError, DataError, DomainError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import { symmetricEigen } from "../../kernels/index.ts";
import type { Feature, FeatureMatrix } from "../../matrix/matrix.ts";
import type { FitContext } from "../featurizer.ts";
import { refuseNonFinite } from "../nonFinite.ts";
import { columnOf, meanOf, spreadOf } from "./featureColumns.ts";
import { type FeatureStep, type FittedStep, fittedStep, readStoredStep, sourcesOf } from "./featureStep.ts";

export interface PrincipalComponentsOptions {
  /** Number of components. @defaultValue as many as `variance` needs */
  readonly nComponents?: number | undefined;
  /** Share of the variance that the components must explain together, 0 … 1. @defaultValue 0.95 */
  readonly variance?: number | undefined;
  /** Divides by the standard deviation first; without it features of large numbers win. @defaultValue true */
  readonly standardize?: boolean | undefined;
}

export interface FittedPrincipalComponents extends FittedStep {
  /** Share of the whole variance that each component explains, falling. */
  readonly explainedVarianceRatio: readonly number[];
}

export interface PrincipalComponentsStep extends FeatureStep {
  fit(x: FeatureMatrix, context: FitContext): Promise<FittedPrincipalComponents>;
}

export const PCA_TYPE = "core/principal-components";
const MOST_FEATURES = 2000;

/**
 * Principal components `PC1`, `PC2`, … of the features in place of them: eigenvectors of the correlation matrix (of the
 * covariance matrix where `standardize` is false), in falling order of variance. The sign of each is such that its loading
 * of largest absolute value is positive (the first of several). Scores carry no unit; the report says how much of the
 * variance each explains and from which feature it comes most.
 *
 * @throws DomainError for both or impossible options, or more than 2000 features; DataError from `fit` for missing or
 * infinite values (all named), fewer than two rows, or only constant features; ConvergenceError if the eigenvalues do not converge
 * @example
 * featurePipeline(featurizer, [principalComponents({ variance: 0.99 })]);
 */
export function principalComponents(options: PrincipalComponentsOptions = {}): PrincipalComponentsStep {
  const { nComponents, variance, standardize = true } = options;
  if (nComponents !== undefined && variance !== undefined) {
    throw new DomainError("principalComponents: nComponents and variance are both given; give one");
  }
  if (nComponents !== undefined && !(Number.isInteger(nComponents) && nComponents >= 1)) {
    throw new DomainError(`principalComponents: nComponents must be a whole number of at least 1, got ${nComponents}`);
  }
  if (variance !== undefined && !(variance > 0 && variance <= 1)) {
    throw new DomainError(`principalComponents: variance must lie above 0 and up to 1, got ${variance}`);
  }
  return {
    name: "pca",
    citations: [],
    fit: async (x: FeatureMatrix, context: FitContext): Promise<FittedPrincipalComponents> => {
      refuseNonFinite(x, context.rows, { who: "principalComponents" });
      const n = x.columns;
      if (x.rows < 2) throw new DataError(`principalComponents: needs at least 2 rows, got ${x.rows}`);
      if (n > MOST_FEATURES) {
        throw new DomainError(
          `principalComponents: ${n} features are more than ${MOST_FEATURES}; drop correlated ones beforehand`,
        );
      }
      const columns = x.features.map((_, k) => columnOf(x, k));
      const mean = Float64Array.from(columns, meanOf);
      const scale = Float64Array.from(columns, (column) => {
        const spread = standardize && column.some((value) => value !== column[0]) ? spreadOf(column) : 1;
        return spread > 0 ? spread : 1;
      });
      const { vectors, values } = eigen(covarianceOf(columns, mean, scale), n);
      const total = values.reduce((sum, value) => sum + value, 0);
      if (!(total > 0)) throw new DataError("principalComponents: every feature is constant in the training rows");
      const ratios = values.map((value) => value / total);
      const most = Math.min(n, x.rows - 1);
      if (nComponents !== undefined && nComponents > most) {
        throw new DomainError(
          `principalComponents: ${nComponents} components of ${n} features and ${x.rows} rows; at most ${most} exist`,
        );
      }
      const count = nComponents ?? countFor(ratios, variance ?? 0.95, most);
      const kept = ratios.slice(0, count);
      const report = Array.from(kept, (ratio, c) => {
        const loadings = vectors.subarray(c * n, (c + 1) * n);
        const at = largest(loadings);
        return `PC${c + 1} explains ${(100 * ratio).toFixed(2)} % of the variance; most from "${x.features[at]?.name}" (loading ${(loadings[at] as number).toFixed(3)})`;
      });
      return build(x.features, report, mean, scale, vectors.slice(0, count * n), kept);
    },
  };
}

export function readPrincipalComponents(data: unknown): FittedPrincipalComponents {
  const { inputs, report, state } = readStoredStep(data, PCA_TYPE);
  const of = (key: string): Float64Array => decodeArray(state[key], "f64");
  return build(inputs, report, of("mean"), of("scale"), of("vectors"), of("explainedVarianceRatio"));
}

/** Covariance (divided by n − 1) of the scaled columns. */
function covarianceOf(columns: readonly Float64Array[], mean: Float64Array, scale: Float64Array): Float64Array {
  const n = columns.length;
  const centred = columns.map((column, k) =>
    column.map((value) => (value - (mean[k] as number)) / (scale[k] as number)),
  );
  const out = new Float64Array(n * n);
  for (const [i, a] of centred.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = centred[j] as Float64Array; // j ≤ i
      let sum = 0;
      for (let r = 0; r < a.length; r++) sum += (a[r] as number) * (b[r] as number); // equally long
      out[i * n + j] = sum / (a.length - 1);
      out[j * n + i] = out[i * n + j] as number;
    }
  }
  return out;
}

/** Falling eigenvalues (rounding below 0 taken as 0) and their vectors in rows, signs fixed. */
function eigen(matrix: Float64Array, n: number): { readonly vectors: Float64Array; readonly values: Float64Array } {
  const ascending = new Float64Array(n);
  const failed = symmetricEigen(n, matrix, ascending, new Float64Array(n));
  if (failed !== 0) {
    throw new ConvergenceError(`principalComponents: eigenvalue ${failed} of ${n} did not converge`, 60, Number.NaN);
  }
  const vectors = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const vector = matrix.subarray((n - 1 - c) * n, (n - c) * n);
    const sign = (vector[largest(vector)] as number) < 0 ? -1 : 1;
    for (const [k, loading] of vector.entries()) vectors[c * n + k] = sign * loading;
  }
  return { vectors, values: ascending.reverse().map((value) => Math.max(0, value)) };
}

/** Index of the largest absolute value; of two equal but for rounding, the first. */
function largest(values: Float64Array): number {
  let at = 0;
  for (const [k, value] of values.entries()) {
    if (Math.abs(value) > Math.abs(values[at] as number) * (1 + 1e-9)) at = k; // at < length
  }
  return at;
}

function countFor(ratios: Float64Array, variance: number, most: number): number {
  let sum = 0;
  for (let c = 0; c < most; c++) {
    sum += ratios[c] as number; // c < n
    if (sum >= variance - 1e-12) return c + 1;
  }
  return most;
}

function build(
  inputs: readonly Feature[],
  report: readonly string[],
  mean: Float64Array,
  scale: Float64Array,
  vectors: Float64Array,
  ratios: Float64Array,
): FittedPrincipalComponents {
  const n = inputs.length;
  const count = ratios.length;
  const source = sourcesOf(inputs);
  const step = fittedStep({
    type: PCA_TYPE,
    inputs,
    outputs: Array.from({ length: count }, (_, c) => ({ name: `PC${c + 1}`, unit: "", source })),
    report,
    params: {},
    state: {
      mean: encodeArray(mean),
      scale: encodeArray(scale),
      vectors: encodeArray(vectors),
      explainedVarianceRatio: encodeArray(ratios),
    },
    apply(x, out) {
      for (let i = 0; i < x.rows; i++) {
        for (let c = 0; c < count; c++) {
          let sum = 0;
          for (let k = 0; k < n; k++) {
            const z = ((x.data[i * n + k] as number) - (mean[k] as number)) / (scale[k] as number); // n long each
            sum += z * (vectors[c * n + k] as number);
          }
          out[i * count + c] = sum;
        }
      }
    },
    differentiate(_inputs, out) {
      for (const at of out.keys()) out[at] = (vectors[at] as number) / (scale[at % n] as number); // [count, n]
    },
  });
  return { ...step, explainedVarianceRatio: [...ratios] };
}
