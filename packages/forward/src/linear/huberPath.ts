import { type AbortLike, ConvergenceError, type Matrix } from "@materiome/core";
import { gramMatrix, minimiseBounded } from "@materiome/core/numerics";
import { huberObjective } from "../kernels/index.ts";
import type { FitPath } from "../learner/chooseByFolds.ts";
import { inverseRoot } from "./inverseRoot.ts";
import { dot, type LinearFit, linearPredictor } from "./linearPredictor.ts";
import { fitStandardiser, momentsOf, standardise } from "./standardiser.ts";

/** Huber regressions of several penalties. */
export interface HuberPath extends FitPath {
  fit(candidate: number): LinearFit;
  /** σ, target units. */
  scale(candidate: number): number;
  /** Rows beyond δ scales, which count linearly; of Gaussian noise some 18 % for δ = 1.35. */
  nBeyond(candidate: number): number;
}

/** Least σ, as a share of the standard deviation of the target: where the rows are met exactly, σ would be 0. */
const LEAST_SCALE = 1e-6;
/** Relative change of the objective that ends a search: enough to choose by; what is chosen is settled. */
const PATH_PRECISION = 1e-8;
const PRECISION = 1e-15;

/** @param penalties - falling; each solution is the start of the next */
export function huberPath(
  caller: string,
  x: Matrix,
  y: Float64Array,
  delta: number,
  penalties: readonly number[],
  signal: AbortLike | undefined,
): HuberPath {
  const n = x.rows;
  const standardiser = fitStandardiser(x);
  const z = standardise(standardiser, x);
  const p = z.columns;
  const { mean, std } = momentsOf(n, (i) => y[i] as number); // i < n
  const unit = std === 0 ? 1 : std;
  const target = y.map((value) => (value - mean) / unit);
  const lower = new Float64Array(p + 2).fill(Number.NEGATIVE_INFINITY);
  lower[p + 1] = LEAST_SCALE;
  const solve = (penalty: number, start: Float64Array, precision: number): Float64Array => {
    const found = minimiseBounded(
      (at, gradient) => huberObjective(n, p, z.data, target, delta, penalty, at, gradient),
      start,
      { lower, gradientTolerance: precision * 1e5 * n, valueTolerance: precision, maxIterations: 10_000, signal },
    );
    // Where no step lowers the value any more, rounding is all that is left of the gradient.
    if (found.reason === "iterations" || found.reason === "evaluations") {
      throw new ConvergenceError(
        `${caller}: no minimum found for alpha ${penalty}; drop features that nearly repeat others, or use a larger alpha`,
        found.iterations,
        found.projectedGradient,
      );
    }
    return found.x;
  };
  let start: Float64Array = new Float64Array(p + 2);
  start[p + 1] = 1;
  const solutions = penalties.map((penalty) => {
    start = solve(penalty, start, PATH_PRECISION);
    return start;
  });
  const settled = new Map<number, Float64Array>();
  const at = (candidate: number): Float64Array => {
    const known = settled.get(candidate);
    if (known !== undefined) return known;
    const found = solve(penalties[candidate] as number, solutions[candidate] as Float64Array, PRECISION); // one per penalty
    settled.set(candidate, found);
    return found;
  };
  const scaleOf = (candidate: number): number => at(candidate)[p + 1] as number;
  const residualsOf = (candidate: number): Float64Array => {
    const w = at(candidate);
    const coefficients = w.subarray(0, p);
    return target.map((value, i) => value - (w[p] as number) - dot(coefficients, z.data, i * p));
  };
  const fit = (candidate: number): LinearFit => {
    const w = at(candidate);
    const bound = delta * scaleOf(candidate);
    const weights = residualsOf(candidate).map((r) => Math.min(1, bound / Math.abs(r)));
    const noise = (unit * scaleOf(candidate)) ** 2;
    return {
      standardiser,
      intercept: mean + unit * (w[p] as number),
      coefficients: w.slice(0, p).map((value) => unit * value),
      variance: noise / n,
      directions: inverseRoot(weightedGram(z, weights, penalties[candidate] as number), noise),
    };
  };
  return {
    fit,
    scale: (candidate) => unit * scaleOf(candidate),
    nBeyond: (candidate) => residualsOf(candidate).filter((r) => Math.abs(r) > delta * scaleOf(candidate)).length,
    means(rows) {
      const scaled = standardise(standardiser, rows);
      return solutions.map((w) => {
        const coefficients = w.subarray(0, p);
        return Float64Array.from(
          { length: rows.rows },
          (_, i) => mean + unit * ((w[p] as number) + dot(coefficients, scaled.data, i * p)),
        );
      });
    },
    predictor: (candidate) => linearPredictor(fit(candidate), x.columns),
  };
}

/** Zᵀ W Z + penalty I */
function weightedGram(z: Matrix, weights: Float64Array, penalty: number): Matrix {
  const { rows, columns: p } = z;
  const data = Float64Array.from(z.data, (value, at) => value * Math.sqrt(weights[Math.floor(at / p)] as number));
  const gram = gramMatrix({ rows, columns: p, data });
  for (let k = 0; k < p; k++) gram.data[k * p + k] = (gram.data[k * p + k] as number) + penalty;
  return gram;
}
