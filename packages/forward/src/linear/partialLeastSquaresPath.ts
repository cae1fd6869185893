import type { Matrix } from "@materiome/core";
import type { FitPath } from "../learner/chooseByFolds.ts";
import { dot, type LinearFit, linearPredictor } from "./linearPredictor.ts";
import { fitStandardiser, momentsOf, standardise } from "./standardiser.ts";

/** Fits of rising numbers of components. */
export interface PartialLeastSquaresPath extends FitPath {
  /** Components of a candidate: those asked for, or those that the rows determine. */
  components(candidate: number): number;
  fit(candidate: number): LinearFit;
}

/** Largest length of Zᵀ y, relative to that of the first, that counts as rounding. */
const ROUNDING = 1e-10;

interface Component {
  /** Score of standardised features z: t = zᵀ rotation. */
  readonly rotation: Float64Array;
  /** Σ t² over the rows. */
  readonly square: number;
  /** Regression of the target on t. */
  readonly slope: number;
}

/**
 * Components one by one: w ∝ Zᵀ y, t = Z w, p = Zᵀ t / tᵀt, Z ← Z − t pᵀ; scores are orthogonal, so that the target needs no
 * deflation. Rotations r give t from the features as they came: r_a = w_a − Σ_b<a (p_bᵀ w_a) r_b.
 *
 * @param counts - numbers of components, rising
 */
export function partialLeastSquaresPath(
  x: Matrix,
  y: Float64Array,
  counts: readonly number[],
): PartialLeastSquaresPath {
  const n = x.rows;
  const standardiser = fitStandardiser(x);
  const z = standardise(standardiser, x);
  const p = z.columns;
  const { mean } = momentsOf(n, (i) => y[i] as number); // i < n
  const centred = y.map((value) => value - mean);
  const most = Math.min(counts.at(-1) ?? 0, p, n - 1);
  const components = takeComponents(z, centred, most);
  const usedBy = (candidate: number): number => Math.min(counts[candidate] ?? 0, components.length);
  const coefficientsOf = (candidate: number): Float64Array => {
    const sum = new Float64Array(p);
    for (const { rotation, slope } of components.slice(0, usedBy(candidate))) {
      for (let k = 0; k < p; k++) sum[k] = (sum[k] as number) + slope * (rotation[k] as number);
    }
    return sum;
  };
  const fit = (candidate: number): LinearFit => {
    const used = components.slice(0, usedBy(candidate));
    const explained = used.reduce((sum, { slope, square }) => sum + slope * slope * square, 0);
    const left = Math.max(0, dot(centred, centred, 0) - explained);
    const noise = left / Math.max(1, n - 1 - used.length);
    const directions = new Float64Array(used.length * p);
    for (const [a, { rotation, square }] of used.entries()) {
      directions.set(
        rotation.map((r) => r * Math.sqrt(noise / square)),
        a * p,
      );
    }
    return {
      standardiser,
      intercept: mean,
      coefficients: coefficientsOf(candidate),
      variance: noise / n,
      directions: { rows: used.length, columns: p, data: directions },
    };
  };
  return {
    components: usedBy,
    fit,
    means(rows) {
      const scaled = standardise(standardiser, rows);
      return counts.map((_, candidate) => {
        const coefficients = coefficientsOf(candidate);
        return Float64Array.from({ length: rows.rows }, (_, i) => mean + dot(coefficients, scaled.data, i * p));
      });
    },
    predictor: (candidate) => linearPredictor(fit(candidate), x.columns),
  };
}

function takeComponents(z: Matrix, y: Float64Array, most: number): Component[] {
  const { rows: n, columns: p } = z;
  const rest = z.data.slice();
  const loadings: Float64Array[] = [];
  const components: Component[] = [];
  let first = 0;
  for (let a = 0; a < most; a++) {
    const weights = transposedTimes(rest, n, p, y);
    const length = Math.sqrt(dot(weights, weights, 0));
    if (a === 0) first = length;
    if (!(length > ROUNDING * first)) break;
    for (let k = 0; k < p; k++) weights[k] = (weights[k] as number) / length;
    const scores = Float64Array.from({ length: n }, (_, i) => dot(weights, rest, i * p));
    const square = dot(scores, scores, 0);
    const loading = transposedTimes(rest, n, p, scores).map((value) => value / square);
    const rotation = weights.slice();
    for (const [b, earlier] of components.entries()) {
      const share = dot(weights, loadings[b] as Float64Array, 0); // as many loadings as components
      for (let k = 0; k < p; k++) rotation[k] = (rotation[k] as number) - share * (earlier.rotation[k] as number);
    }
    for (let i = 0; i < n; i++) {
      const t = scores[i] as number;
      for (let k = 0; k < p; k++) rest[i * p + k] = (rest[i * p + k] as number) - t * (loading[k] as number);
    }
    loadings.push(loading);
    components.push({ rotation, square, slope: dot(scores, y, 0) / square });
  }
  return components;
}

/** Zᵀ v */
export function transposedTimes(z: Float64Array, n: number, p: number, v: Float64Array): Float64Array {
  const out = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    const value = v[i] as number; // i < n
    for (let k = 0; k < p; k++) out[k] = (out[k] as number) + value * (z[i * p + k] as number);
  }
  return out;
}
