import { createMatrix, type Matrix, type Random } from "@materiome/core";
import { cholesky, logSumExp } from "@materiome/core/numerics";
import type { Disturber } from "../surrogate/disturber.ts";
import { rowsOf } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { Acquisition } from "./acquisition.ts";
import { logSoftplus } from "./logSoftplus.ts";
import { normalDraws } from "./normalDraws.ts";

export interface WorstCaseOptions {
  /** The worst of what it makes of a point counts. */
  readonly disturber: Disturber;
  /** Tried points, [n, d]: the best of their worst cases is to be exceeded. */
  readonly tried: Matrix;
  readonly random: Random;
  /** @defaultValue 64 */
  readonly draws?: number | undefined;
}

/**
 * Draws of the worst case of a function at a point under disturbances, min_c f(x_c), one for each row of normal draws.
 *
 * @param z - [draws, k]
 * @returns also the mean deviation of the function there
 */
export function worstCaseDraws(
  model: SurrogateModel,
  disturber: Disturber,
  z: Matrix,
): (x: Matrix) => { readonly values: Float64Array; readonly std: number } {
  const { rows: draws, columns: k } = z;
  return (x) => {
    const { mean, covariance } = model.posterior(disturber.at(x));
    const trace = mean.reduce((sum, _, c) => sum + (covariance.data[c * k + c] as number), 0);
    const lower = trace > 0 ? cholesky(covariance, { maxRelativeJitter: 1e-4 }).lower : createMatrix(k, k);
    const values = new Float64Array(draws).fill(Number.POSITIVE_INFINITY);
    for (let m = 0; m < draws; m++) {
      for (let c = 0; c < k; c++) {
        let value = mean[c] as number; // c < k
        for (let e = 0; e <= c; e++) value += (lower.data[c * k + e] as number) * (z.data[m * k + e] as number);
        if (value < (values[m] as number)) values[m] = value;
      }
    }
    return { values, std: Math.sqrt(Math.max(trace / k, 1e-24)) };
  };
}

/** Mean of the worst case at each point, over fixed draws. */
export function worstCaseMeans(model: SurrogateModel, disturber: Disturber, random: Random, x: Matrix): Float64Array {
  const worst = worstCaseDraws(model, disturber, drawsOfWorst(disturber, random));
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const { values } = worst(rowsOf(x, i, 1));
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
}

/** Normal draws for {@link worstCaseDraws}. */
export function drawsOfWorst({ copies }: Disturber, random: Random, draws = 64): Matrix {
  return normalDraws(draws, copies, random);
}

/**
 * Logarithm of the expected improvement of the worst case under disturbance, ln E max(min_c f(x_c) − best, 0), over fixed draws. The kink
 * at 0 is rounded (soft-plus of width 10⁻³ of the mean deviation), so that the logarithm exists where no draw improves.
 *
 * @see Bogunovic, Scarlett, Jegelka & Cevher, NeurIPS 2018, arXiv:1810.10775 (worst case); Ament et al., NeurIPS 2023,
 * arXiv:2310.20708, section 3.3 (rounding)
 */
export function logWorstCaseImprovement(model: SurrogateModel, options: WorstCaseOptions): Acquisition {
  const { disturber, tried, random, draws = 64 } = options;
  const worst = worstCaseDraws(model, disturber, drawsOfWorst(disturber, random, draws));
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < tried.rows; i++) {
    const { values } = worst(rowsOf(tried, i, 1));
    best = Math.max(best, values.reduce((a, b) => a + b, 0) / draws);
  }
  return {
    name: "log expected improvement of the worst case",
    isLog: true,
    value: (x) =>
      Float64Array.from({ length: x.rows }, (_, i) => {
        const { values, std } = worst(rowsOf(x, i, 1));
        const width = 1e-3 * std;
        const logs = values.map((value) => logSoftplus((value - best) / width).value);
        return Math.log(width) + logSumExp(logs) - Math.log(draws);
      }),
  };
}
