import { createMatrix, DataError, type Matrix } from "@materiome/core";
import {
  type CholeskyFactor,
  cholesky,
  choleskyInverse,
  choleskyLogDeterminant,
  choleskySolve,
  gramMatrix,
  multiplyMatrices,
  solveTriangular,
} from "@materiome/core/numerics";
import type { HeldOut } from "../learner/regressionModel.ts";
import { addRowGradient, takeGradient } from "./covarianceGradients.ts";
import { bindRows, evaluateRow, setHyperparameters, setPointToRow } from "./covarianceRows.ts";
import { leaveOut } from "./leaveOut.ts";
import type { Likelihood, LikelihoodData } from "./likelihood.ts";
import { createNoiseBlocks, priorVariances } from "./noiseBlocks.ts";

/** Added to the variances of the inducing rows, in units of the variance of the target: above the rounding of their factor. */
export const JITTER = 1e-9;

/** A process carried by its values at inducing rows, given its hyper-parameters. */
export interface ConditionedSparse {
  /** Factors of K_uu and of S = I + A Aᵀ, A = L⁻¹ K_uf D^−½. */
  readonly inducing: CholeskyFactor;
  readonly information: CholeskyFactor;
  /** A D^−½ y. */
  readonly whitened: Float64Array;
  /** Weights of the covariances with the inducing rows in the mean. */
  readonly weights: Float64Array;
  /** At most ln p(y | hyper-parameters). */
  readonly bound: number;
}

export interface EvidenceBound extends Pick<Likelihood, "evaluate"> {
  /** @throws DataError if the covariance of the inducing rows or the noise is not positive definite */
  condition(theta: Float64Array): ConditionedSparse;
  /** Each group predicted without its rows; `noise` is what a row's variance has beside function and white parts. */
  leaveOut(theta: Float64Array, noise: Float64Array, groups: readonly (readonly number[])[]): HeldOut;
}

/**
 * Lower bound of the log marginal likelihood of a process that is carried by its values at `inducing` rows,
 * ln N(y | 0, Q + D) − ½ tr(D⁻¹ (K − Q)), Q = K_fu K_uu⁻¹ K_uf, with its exact gradient. Costs n · m² for m inducing rows.
 * D is the noise with the white parts of the covariance and the effects of groups, which are exact.
 *
 * @see Titsias, Variational Learning of Inducing Variables in Sparse Gaussian Processes, AISTATS 2009, PMLR 5, 567
 */
export function createEvidenceBound(data: LikelihoodData, inducing: Int32Array): EvidenceBound {
  const { root, x, scaling, y } = data;
  const n = x.rows;
  const m = inducing.length;
  const rows = bindRows(root, x, scaling);
  const noise = createNoiseBlocks(data);

  const crossCovariances = (theta: Float64Array): Matrix => {
    setHyperparameters(rows, theta);
    const cross = createMatrix(m, n);
    for (const [r, i] of inducing.entries()) {
      setPointToRow(rows, i);
      evaluateRow(rows, n, -1);
      cross.data.set(rows.values, r * n);
    }
    return cross;
  };
  const factorInducing = (cross: Matrix): CholeskyFactor => {
    const k = createMatrix(m, m);
    for (let r = 0; r < m; r++) {
      for (let c = 0; c < m; c++) k.data[r * m + c] = cross.data[r * n + (inducing[c] as number)] as number; // c < m
      k.data[r * m + r] = (k.data[r * m + r] as number) + JITTER;
    }
    return cholesky(k);
  };

  const solveAll = (theta: Float64Array) => {
    const b = crossCovariances(theta);
    const factor = factorInducing(b);
    noise.set(theta);
    noise.solveLower(m, b.data);
    const a = solveTriangular(factor.lower, b);
    const s = gramMatrix(a, { ofRows: true });
    let explained = 0;
    for (let r = 0; r < m; r++) {
      explained += s.data[r * m + r] as number; // r < m
      s.data[r * m + r] = (s.data[r * m + r] as number) + 1;
    }
    const information = cholesky(s);
    const target = y.slice();
    noise.solveLower(1, target);
    const whitened = multiplyMatrices(a, createMatrix(n, 1, target)).data;
    const half = solveTriangular(information.lower, whitened);
    let bound = -0.5 * (n * Math.log(2 * Math.PI) + noise.logDeterminant() + choleskyLogDeterminant(information));
    bound -= 0.5 * (sumOfSquares(target) - sumOfSquares(half) + noise.traceRatio() - explained);
    const solved = choleskySolve(information, whitened);
    const weights = solveTriangular(factor.lower, solved, { isTransposed: true });
    /** Σ⁻¹ y = L_D⁻ᵀ (L_D⁻¹ y − Aᵀ S⁻¹ A L_D⁻¹ y). */
    const alpha = multiplyMatrices(a, createMatrix(m, 1, solved), {
      isTransposedA: true,
      alpha: -1,
      c: createMatrix(n, 1, target),
    }).data;
    noise.solveUpper(1, alpha);
    return { b, a, s, factor, information, whitened, weights, alpha, bound };
  };

  return {
    condition(theta) {
      const { factor, information, whitened, weights, bound } = solveAll(theta);
      return { inducing: factor, information, whitened, weights, bound };
    },
    evaluate(theta, gradient) {
      let all: ReturnType<typeof solveAll>;
      try {
        all = solveAll(theta);
      } catch (error) {
        if (error instanceof DataError) return Number.NaN; // the line search steps back
        throw error;
      }
      const { b, a, s, factor, information, weights, alpha, bound } = all;
      const inverse = choleskyInverse(information).data;
      /** S − 2 I + S⁻¹ and I − S⁻¹. */
      const curved = createMatrix(m, m);
      const gain = createMatrix(m, m);
      for (let r = 0; r < m; r++) {
        for (let c = 0; c < m; c++) {
          const own = r === c ? 1 : 0;
          const value = inverse[r * m + c] as number; // below m²
          curved.data[r * m + c] = (s.data[r * m + c] as number) - 2 * own + value;
          gain.data[r * m + c] = own - value;
        }
      }
      const transposed = { isTransposed: true };
      const slope = multiplyMatrices(solveTriangular(factor.lower, gain, transposed), a);
      const { data: w } = slope;
      noise.addGradient(theta, alpha, columnProducts(m, n, b.data, w), gradient);
      noise.solveUpper(m, w);
      for (let r = 0; r < m; r++) {
        const weight = weights[r] as number; // r < m
        for (let i = 0; i < n; i++) w[r * n + i] = (w[r * n + i] as number) + weight * (alpha[i] as number);
      }
      // The inducing rows are training rows: their covariances are among those with all rows.
      const left = solveTriangular(factor.lower, curved, transposed);
      const both = solveTriangular(factor.lower, transpose(left), transposed).data;
      for (let r = 0; r < m; r++) {
        for (let c = 0; c < m; c++) {
          const at = r * n + (inducing[c] as number); // c < m
          const value = (weights[r] as number) * (weights[c] as number) + (both[r * m + c] as number);
          w[at] = (w[at] as number) - 0.5 * value;
        }
      }
      for (const [r, i] of inducing.entries()) {
        setPointToRow(rows, i);
        evaluateRow(rows, n, -1);
        addRowGradient(rows, n, w.subarray(r * n, (r + 1) * n));
      }
      takeGradient(rows, theta, gradient);
      return bound;
    },
    leaveOut(theta, measured, groups) {
      const { a, factor, information, alpha } = solveAll(theta);
      const e = solveTriangular(information.lower, a);
      noise.solveUpper(m, e.data);
      const f = transpose(e).data;
      const unexplained = priorVariances(data, theta);
      const known = solveTriangular(factor.lower, crossCovariances(theta)).data;
      for (let r = 0; r < m; r++) {
        for (let i = 0; i < n; i++) unexplained[i] = (unexplained[i] as number) - (known[r * n + i] as number) ** 2; // below m n
      }
      const precision = (members: readonly number[]): Float64Array => {
        const size = members.length;
        const out = noise.precision(members);
        for (const [p, i] of members.entries()) {
          for (const [q, j] of members.entries()) {
            let sum = out[p * size + q] as number; // below size²
            for (let r = 0; r < m; r++) sum -= (f[i * m + r] as number) * (f[j * m + r] as number);
            out[p * size + q] = sum;
          }
        }
        return out;
      };
      // What the inducing rows cannot tell is part of a prediction, not of the noise.
      const rest = measured.map((value, i) => value - Math.max(0, unexplained[i] as number)); // i < n
      return leaveOut(y, alpha, precision, rest, groups);
    },
  };
}

/** Σ_r b_ri w_rj. Those with i = j, which are most, are summed at once. */
function columnProducts(m: number, n: number, b: Float64Array, w: Float64Array): (i: number, j: number) => number {
  const own = new Float64Array(n);
  for (let r = 0; r < m; r++) {
    for (let i = 0; i < n; i++) own[i] = (own[i] as number) + (b[r * n + i] as number) * (w[r * n + i] as number); // below m n
  }
  return (i, j) => {
    if (i === j) return own[i] as number; // i < n
    let sum = 0;
    for (let r = 0; r < m; r++) sum += (b[r * n + i] as number) * (w[r * n + j] as number);
    return sum;
  };
}

function transpose({ rows, columns, data }: Matrix): Matrix {
  const out = createMatrix(columns, rows);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out.data[c * rows + r] = data[r * columns + c] as number;
  return out;
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
