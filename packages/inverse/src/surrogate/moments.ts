import type { Matrix } from "@materiome/core";
import type { SurrogateModel } from "./surrogate.ts";

/** Mean and variance of the noise-free function. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Rows of one joint posterior: covariances within the block are waste, so it is small beside the training rows. */
const BLOCK = 24;

/** Mean and variance at each point, [n, d], without gradients. */
export function moments(model: Pick<SurrogateModel, "posterior" | "rowsPerPoint">, x: Matrix): Moments {
  const { rowsPerPoint = 1 } = model;
  const block = Math.max(1, Math.floor(BLOCK / rowsPerPoint));
  const mean = new Float64Array(x.rows);
  const variance = new Float64Array(x.rows);
  for (let from = 0; from < x.rows; from += block) {
    const m = Math.min(block, x.rows - from);
    const joint = model.posterior(rowsOf(x, from, m));
    mean.set(joint.mean, from);
    for (let i = 0; i < m; i++) variance[from + i] = joint.covariance.data[i * m + i] as number; // i < m
  }
  return { mean, variance };
}

/** `count` rows from row `from`, sharing the data. */
export function rowsOf(x: Matrix, from: number, count: number): Matrix {
  const { columns } = x;
  return { ...x, rows: count, data: x.data.subarray(from * columns, (from + count) * columns) };
}
