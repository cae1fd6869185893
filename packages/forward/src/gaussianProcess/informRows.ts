import { createMatrix, type Matrix } from "@materiome/core";
import { type CholeskyFactor, choleskyUpdate } from "@materiome/core/numerics";
import { solvePackedLower, solvePackedUpper } from "../kernels/index.ts";
import { bindRows, evaluateRow, setHyperparameters, setOnlyRowToPoint, setPoint } from "./covarianceRows.ts";
import { packLower, unpackLower } from "./packedFactor.ts";
import type { ProcessState } from "./posterior.ts";

/**
 * The sparse process given further rows, with its hyper-parameters and inducing rows: S grows by a aᵀ, a = L⁻¹ k / √noise, for
 * each row, which costs the square of the number of inducing rows.
 */
export function informRows(state: ProcessState, x: Matrix, y: Float64Array): ProcessState {
  const { root, theta, scaling, targetMean, targetScale, x: inducing, lower, whitened, information } = state;
  if (information === undefined) throw new TypeError("informRows: the process is not sparse");
  const m = inducing.rows;
  const rows = bindRows(root, inducing, scaling);
  const own = bindRows(root, createMatrix(1, x.columns), scaling);
  setHyperparameters(rows, theta);
  setHyperparameters(own, theta);
  let factor: CholeskyFactor = { lower: unpackLower(m, information), jitter: 0, jittersTried: [0] };
  const sums = whitened.slice();
  for (let i = 0; i < x.rows; i++) {
    setPoint(own, x.data, i * x.columns, scaling);
    setOnlyRowToPoint(own);
    evaluateRow(own, 1, -1);
    const ofFunction = own.values[0] as number; // one row
    evaluateRow(own, 1, 0);
    const noise = Math.exp(theta.at(-1) as number) + (own.values[0] as number) - ofFunction; // the noise is always there
    setPoint(rows, x.data, i * x.columns, scaling);
    evaluateRow(rows, m, -1);
    const a = rows.values.slice();
    solvePackedLower(m, 1, lower, a);
    for (let j = 0; j < m; j++) a[j] = (a[j] as number) / Math.sqrt(noise); // j < m
    factor = choleskyUpdate(factor, a);
    const target = ((y[i] as number) - targetMean) / (targetScale * Math.sqrt(noise));
    for (let j = 0; j < m; j++) sums[j] = (sums[j] as number) + target * (a[j] as number);
  }
  const grown = packLower(factor.lower);
  const alpha = sums.slice();
  solvePackedLower(m, 1, grown, alpha);
  solvePackedUpper(m, 1, grown, alpha);
  solvePackedUpper(m, 1, lower, alpha);
  return { ...state, alpha, whitened: sums, information: grown };
}
