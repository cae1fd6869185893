import { ShapeError } from "../errors/errors.ts";
import { createMatrix, type Matrix } from "../matrix/matrix.ts";
import type { Random } from "./random.ts";

/**
 * Draws from N(mean, L Lᵀ): mean + L z with z standard normal. Shape [nSamples, d].
 *
 * @param mean - d values
 * @param lower - lower Cholesky factor L, [d, d]; what stands above its diagonal is not read
 * @throws ShapeError if the factor is not d × d
 * @example
 * const factor = createMatrix(2, 2, Float64Array.of(1, 0, 0.8, 0.6)); // of unit variances and correlation 0.8
 * sampleMultivariateNormal([0, 0], factor, 100, createRandom(1)).rows; // 100
 */
export function sampleMultivariateNormal(
  mean: ArrayLike<number>,
  lower: Matrix,
  nSamples: number,
  random: Random,
): Matrix {
  const d = mean.length;
  if (lower.rows !== d || lower.columns !== d) {
    throw new ShapeError(
      `sampleMultivariateNormal: a mean of ${d} values needs a ${d} × ${d} factor, got ${lower.rows} × ${lower.columns}`,
    );
  }
  const out = createMatrix(nSamples, d);
  const z = new Float64Array(d);
  for (let s = 0; s < nSamples; s++) {
    for (let i = 0; i < d; i++) z[i] = random.normal();
    for (let i = 0; i < d; i++) {
      let sum = mean[i] as number; // i < d
      for (let k = 0; k <= i; k++) sum += (lower.data[i * d + k] as number) * (z[k] as number); // k ≤ i < d
      out.data[s * d + i] = sum;
    }
  }
  return out;
}
