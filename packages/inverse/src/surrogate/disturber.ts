import { createMatrix, type Matrix } from "@materiome/core";

/** Settings that are not met exactly, as features: the same disturbances at every point. */
export interface Disturber {
  /** Disturbed settings of each point, k. */
  readonly copies: number;
  /** Features of the disturbed settings, [n·k, d]; those of point i are rows i·k … i·k + k − 1. */
  at(x: Matrix): Matrix;
  /**
   * Derivatives by the features as asked for: each row of `gradient`, [n·k, d], at one disturbed setting, times the derivatives of that setting, Jᵀ g.
   */
  pull(x: Matrix, gradient: Matrix): Matrix;
}

/**
 * Disturbances that are added to the features, x + δ_c.
 *
 * @param offsets - δ, [k, d]
 */
export function shiftedBy(offsets: Matrix): Disturber {
  const { rows: k, columns: d } = offsets;
  return {
    copies: k,
    at(x) {
      const out = createMatrix(x.rows * k, d);
      for (let i = 0; i < x.rows; i++) {
        for (let c = 0; c < k; c++) {
          for (let f = 0; f < d; f++) {
            out.data[(i * k + c) * d + f] = (x.data[i * d + f] as number) + (offsets.data[c * d + f] as number);
          }
        }
      }
      return out;
    },
    pull: (_, gradient) => gradient,
  };
}
