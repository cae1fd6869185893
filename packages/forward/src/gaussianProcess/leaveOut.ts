import { DataError } from "@materiome/core";
import { invertPositive } from "../kernels/index.ts";
import type { HeldOut } from "../learner/regressionModel.ts";

/**
 * Mean and variance of each row predicted from all rows outside its group, for the same hyper-parameters: with B the rows and
 * columns G of K⁻¹, the residuals are B⁻¹ α_G and the variances of new measurements the diagonal of B⁻¹, from which the
 * noise of the row is taken.
 *
 * @param precision the rows and columns of K⁻¹ that belong to the rows of a group, [m, m], K with noise
 * @see Rasmussen & Williams (2006), section 5.4.2; blocks: Dubrule, Math. Geol. 15, 687 (1983), doi:10.1007/BF01033232
 */
export function leaveOut(
  y: Float64Array,
  alpha: Float64Array,
  precision: (rows: readonly number[]) => Float64Array,
  noise: Float64Array,
  groups: readonly (readonly number[])[],
): HeldOut {
  const mean = new Float64Array(y.length);
  const variance = new Float64Array(y.length);
  for (const rows of groups) {
    const m = rows.length;
    const block = precision(rows);
    if (invertPositive(m, block) !== 0) {
      throw new DataError(
        `gaussianProcess: the ${m} rows of one group cannot be left out: too little noise for rows that repeat; let it be learned`,
      );
    }
    for (const [a, i] of rows.entries()) {
      let residual = 0;
      for (const [b, j] of rows.entries()) residual += (block[a * m + b] as number) * (alpha[j] as number);
      mean[i] = (y[i] as number) - residual;
      // Rounding may leave the difference of equal numbers below zero.
      variance[i] = Math.max(0, (block[a * m + a] as number) - (noise[i] as number));
    }
  }
  return { mean, variance };
}

/** Rows and columns of a symmetric matrix [n, n]. */
export function takeBlock(matrix: Float64Array, n: number, rows: readonly number[]): Float64Array {
  const m = rows.length;
  const block = new Float64Array(m * m);
  for (const [a, i] of rows.entries()) {
    for (const [b, j] of rows.entries()) block[a * m + b] = matrix[i * n + j] as number; // i, j < n
  }
  return block;
}
