import { createMatrix, DataError, takeRows } from "@materiome/core";
import { choleskyInverse } from "@materiome/core/numerics";
import { solvePackedLower } from "../kernels/index.ts";
import type { HeldOut } from "../learner/regressionModel.ts";
import { createEvidenceBound } from "./evidenceBound.ts";
import { leaveOut, takeBlock } from "./leaveOut.ts";
import { createLikelihood, type LikelihoodData } from "./likelihood.ts";
import { packLower } from "./packedFactor.ts";
import type { ProcessState } from "./posterior.ts";

export interface ConditionedProcess {
  readonly state: ProcessState;
  /** ln p(y | hyper-parameters); of a sparse process what bounds it from below. */
  readonly logLikelihood: number;
  /** Each group predicted from all rows outside it, in units of the standardised target. */
  leaveOut(groups: readonly (readonly number[])[]): HeldOut;
}

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
): ConditionedProcess {
  const { root, scaling, x, y, noiseVariance, inducing } = data;
  const { columns, data: values } = x;
  const noise = Float64Array.from(y, (_, i) => Math.exp(theta.at(-1) as number) + (noiseVariance?.[i] ?? 0)); // the noise is always there
  const common = { root, theta, scaling, targetMean: target.mean, targetScale: target.scale };
  if (inducing !== undefined) {
    const evidence = createEvidenceBound(data, inducing);
    const { inducing: factor, information, whitened, weights, bound } = refuseSingular(() => evidence.condition(theta));
    return {
      state: {
        ...common,
        x: takeRows(createMatrix(x.rows, columns, values), inducing),
        lower: packLower(factor.lower),
        alpha: weights,
        whitened,
        information: packLower(information.lower),
      },
      logLikelihood: bound,
      leaveOut: (groups) => evidence.leaveOut(theta, noise, groups),
    };
  }
  const n = x.rows;
  const { factor, alpha, logLikelihood } = refuseSingular(() => createLikelihood(data).condition(theta));
  const lower = packLower(factor.lower);
  const whitened = y.slice();
  solvePackedLower(n, 1, lower, whitened);
  return {
    state: { ...common, x: createMatrix(n, columns, values.slice()), lower, alpha, whitened, information: undefined },
    logLikelihood,
    leaveOut(groups) {
      const inverse = choleskyInverse(factor).data;
      return leaveOut(y, alpha, (rows) => takeBlock(inverse, n, rows), noise, groups);
    },
  };
}

function refuseSingular<T>(condition: () => T): T {
  try {
    return condition();
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(
      'gaussianProcess: the covariance of the training rows is singular: rows repeat or depend on each other and there is too little noise; let it be learned (noise: "learned"), or give a variance of at least a millionth of the target\'s',
      { cause },
    );
  }
}
