import { createMatrix, DataError, type Matrix } from "@materiome/core";
import { cholesky } from "@materiome/core/numerics";
import { solvePackedLower, solvePackedUpper } from "../kernels/index.ts";
import { bindRows, evaluateRow, setHyperparameters, setPoint, setPointToRow } from "./covarianceRows.ts";
import type { ProcessState } from "./posterior.ts";

/**
 * The process given further rows, with its hyper-parameters and learned noise: the factor of K grows by the rows
 * [B, C], B = (L⁻¹ k)ᵀ, C Cᵀ = K₂₂ − B Bᵀ, which costs n² a row.
 *
 * @throws DataError if the rows repeat others and the noise is too small to tell them apart
 */
export function appendRows(state: ProcessState, x: Matrix, y: Float64Array): ProcessState {
  const { root, theta, scaling, targetMean, targetScale, x: training, lower, whitened } = state;
  const n = training.rows;
  const m = x.rows;
  const total = n + m;
  const noise = Math.exp(theta.at(-1) as number); // the noise is always there
  const old = bindRows(root, training, scaling);
  const added = bindRows(root, x, scaling);
  setHyperparameters(old, theta);
  setHyperparameters(added, theta);
  const below = new Float64Array(m * n);
  for (let r = 0; r < m; r++) {
    setPoint(old, x.data, r * x.columns, scaling);
    evaluateRow(old, n, -1);
    below.set(old.values, r * n);
  }
  solvePackedLower(n, m, lower, below);
  const corner = createMatrix(m, m);
  for (let r = 0; r < m; r++) {
    setPointToRow(added, r);
    evaluateRow(added, r + 1, r);
    for (let s = 0; s <= r; s++) {
      let left = (added.values[s] as number) + (r === s ? noise : 0); // s ≤ r < m
      for (let j = 0; j < n; j++) left -= (below[r * n + j] as number) * (below[s * n + j] as number);
      corner.data[r * m + s] = left;
    }
  }
  const factor = cornerFactor(corner);
  const grown = new Float64Array((total * (total + 1)) / 2);
  grown.set(lower);
  const on = new Float64Array(total);
  on.set(whitened);
  for (let r = 0; r < m; r++) {
    const at = ((n + r) * (n + r + 1)) / 2;
    grown.set(below.subarray(r * n, (r + 1) * n), at);
    grown.set(factor.subarray(r * m, r * m + r + 1), at + n);
    let rest = ((y[r] as number) - targetMean) / targetScale;
    for (let j = 0; j < n + r; j++) rest -= (grown[at + j] as number) * (on[j] as number);
    on[n + r] = rest / (grown[at + n + r] as number);
  }
  const alpha = on.slice();
  solvePackedUpper(total, 1, grown, alpha);
  const data = new Float64Array(total * training.columns);
  data.set(training.data);
  data.set(x.data, training.data.length);
  return { ...state, x: createMatrix(total, training.columns, data), lower: grown, alpha, whitened: on };
}

function cornerFactor(corner: Matrix): Float64Array {
  try {
    return cholesky(corner).lower.data;
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(
      "condition: the rows repeat each other or training rows, and the process has too little noise to tell them apart; leave the repeats out",
      { cause },
    );
  }
}
