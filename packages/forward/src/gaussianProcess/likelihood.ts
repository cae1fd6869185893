import { DataError, type Matrix } from "@materiome/core";
import { type CholeskyFactor, cholesky, choleskyInverse, choleskySolve } from "@materiome/core/numerics";
import { addRowGradient, takeGradient } from "./covarianceGradients.ts";
import { bindRows, evaluateRow, type RowNode, setHyperparameters, setPointToRow } from "./covarianceRows.ts";
import type { ProgramNode } from "./program.ts";
import type { Scaling } from "./scaling.ts";

/** Training rows as the likelihood takes them; crosses threads as it is. */
export interface LikelihoodData {
  readonly root: ProgramNode;
  readonly x: Matrix;
  readonly scaling: Scaling;
  /** Standardised target. */
  readonly y: Float64Array;
  /** Known variance of each row, in units of the variance of the target. */
  readonly noiseVariance: Float64Array | undefined;
  /** Group of each row, for the `group` covariance; none is every row its own. */
  readonly groups?: Int32Array | undefined;
  /** Rows whose function values carry a sparse process; none is all rows, exactly. */
  readonly inducing?: Int32Array | undefined;
}

/** The process given its hyper-parameters. */
export interface Conditioned {
  readonly factor: CholeskyFactor;
  /** K⁻¹ y, K with noise. */
  readonly alpha: Float64Array;
  /** ln p(y | hyper-parameters). */
  readonly logLikelihood: number;
}

export interface Likelihood {
  /** Factor and weights for logarithms of hyper-parameters, the last of which is the noise. @throws DataError if K is not positive definite */
  condition(theta: Float64Array): Conditioned;
  /** ln p(y | θ) and its gradient, added to `gradient`; NaN where K is not positive definite. */
  evaluate(theta: Float64Array, gradient: Float64Array): number;
}

/**
 * Log marginal likelihood −½ yᵀ K⁻¹ y − ½ ln |K| − n/2 ln 2π with its exact gradient, ½ tr((α αᵀ − K⁻¹) ∂K).
 *
 * @see Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), eq. 2.30 and 5.9
 */
export function createLikelihood(data: LikelihoodData): Likelihood {
  const { root, x, scaling, y, noiseVariance, groups } = data;
  const n = x.rows;
  const rows = bindRows(root, x, scaling, groups, true);
  const covariance = new Float64Array(n * n);
  const weights = new Float64Array(n);

  const condition = (theta: Float64Array): Conditioned => {
    setHyperparameters(rows, theta);
    const noise = Math.exp(theta.at(-1) as number); // the noise is always there
    fillLower(rows, covariance);
    for (let i = 0; i < n; i++) {
      covariance[i * n + i] = (covariance[i * n + i] as number) + noise + (noiseVariance?.[i] ?? 0);
    }
    const factor = cholesky({ data: covariance, rows: n, columns: n });
    const alpha = choleskySolve(factor, y);
    let logLikelihood = -0.5 * n * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) {
      logLikelihood -= 0.5 * (y[i] as number) * (alpha[i] as number) + Math.log(factor.lower.data[i * n + i] as number);
    }
    return { factor, alpha, logLikelihood };
  };

  return {
    condition,
    evaluate(theta, gradient) {
      let conditioned: Conditioned;
      try {
        conditioned = condition(theta);
      } catch (error) {
        if (error instanceof DataError) return Number.NaN; // the line search steps back
        throw error;
      }
      const { factor, alpha, logLikelihood } = conditioned;
      const inverse = choleskyInverse(factor).data;
      let trace = 0;
      for (let i = 0; i < n; i++) {
        const own = alpha[i] as number;
        for (let j = 0; j < i; j++) weights[j] = own * (alpha[j] as number) - (inverse[i * n + j] as number);
        weights[i] = 0.5 * (own * own - (inverse[i * n + i] as number));
        trace += weights[i] as number;
        setPointToRow(rows, i);
        evaluateRow(rows, i + 1, i);
        addRowGradient(rows, i + 1, weights);
      }
      takeGradient(rows, theta, gradient);
      const last = gradient.length - 1;
      gradient[last] = (gradient[last] as number) + trace * Math.exp(theta[last] as number);
      return logLikelihood;
    },
  };
}

function fillLower(rows: RowNode, out: Float64Array): void {
  const { n } = rows;
  for (let i = 0; i < n; i++) {
    setPointToRow(rows, i);
    evaluateRow(rows, i + 1, i);
    out.set(rows.values.subarray(0, i + 1), i * n);
  }
}
