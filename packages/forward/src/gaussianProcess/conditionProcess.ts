import { createMatrix, DataError } from "@materiome/core";
import type { CholeskyFactor } from "@materiome/core/numerics";
import { solvePackedLower } from "../kernels/index.ts";
import { type Conditioned, createLikelihood, type LikelihoodData } from "./likelihood.ts";
import type { ProcessState } from "./posterior.ts";

/**
 * The process given the training rows and the logarithms of its hyper-parameters.
 *
 * @param target what the target was standardised by
 * @throws DataError if the rows repeat or depend on each other and there is too little noise
 */
export function conditionProcess(
  data: LikelihoodData,
  theta: Float64Array,
  target: { readonly mean: number; readonly scale: number },
): { readonly state: ProcessState; readonly factor: CholeskyFactor; readonly logLikelihood: number } {
  const { factor, alpha, logLikelihood } = conditionOn(data, theta);
  const { rows: n, columns, data: values } = data.x;
  const lower = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0; i < n; i++) lower.set(factor.lower.data.subarray(i * n, i * n + i + 1), (i * (i + 1)) / 2);
  const whitened = data.y.slice();
  solvePackedLower(n, 1, lower, whitened);
  const state: ProcessState = {
    root: data.root,
    theta,
    scaling: data.scaling,
    targetMean: target.mean,
    targetScale: target.scale,
    x: createMatrix(n, columns, values.slice()),
    lower,
    alpha,
    whitened,
  };
  return { state, factor, logLikelihood };
}

function conditionOn(data: LikelihoodData, theta: Float64Array): Conditioned {
  try {
    return createLikelihood(data).condition(theta);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(
      "gaussianProcess: the covariance of the training rows is singular: rows repeat or depend on each other and there is too little noise; let the noise be learned",
      { cause },
    );
  }
}
