import { createMatrix } from "@materiome/core";
import { cholesky, choleskySolve } from "@materiome/core/numerics";
import type { Coalitions } from "./coalitions.ts";

/** Writes Shapley values and their standard errors from the values of the coalitions. */
export type CoalitionFit = (
  game: Float64Array,
  base: number,
  predicted: number,
  values: Float64Array,
  errors: Float64Array,
) => void;

/**
 * Least squares over coalitions under the constraint that the values add up: the last player takes what the others leave.
 * Standard errors: residuals of the pairs drawn, carried through the linear map of the fit.
 */
export function fitCoalitions({ members, weights, firstDrawn }: Coalitions, nPlayers: number): CoalitionFit {
  const { rows: count, data } = members;
  const p = nPlayers - 1;
  const at = (k: number, j: number): number => (data[k * nPlayers + j] as number) - (data[k * nPlayers + p] as number); // j ≤ p
  const normal = createMatrix(p, p);
  const right = createMatrix(p, count);
  for (let k = 0; k < count; k++) {
    const weight = weights[k] as number; // k < count
    for (let a = 0; a < p; a++) {
      const scaled = weight * at(k, a);
      right.data[a * count + k] = scaled;
      if (scaled === 0) continue;
      for (let b = 0; b < p; b++) normal.data[a * p + b] = (normal.data[a * p + b] as number) + scaled * at(k, b);
    }
  }
  const map = choleskySolve(cholesky(normal), right).data;
  const correction = Math.sqrt(count / Math.max(1, count - p));
  return (game, base, predicted, values, errors) => {
    const total = predicted - base;
    const y = game.map((value, k) => value - base - (data[k * nPlayers + p] as number) * total);
    let sum = 0;
    for (let a = 0; a < p; a++) {
      let value = 0;
      for (let k = 0; k < count; k++) value += (map[a * count + k] as number) * (y[k] as number); // k < count
      values[a] = value;
      sum += value;
    }
    values[p] = total - sum;
    const residual = y.map((value, k) => {
      let fitted = 0;
      for (let a = 0; a < p; a++) fitted += at(k, a) * (values[a] as number); // a < p
      return value - fitted;
    });
    errors.fill(0);
    for (let k = firstDrawn; k + 1 < count; k += 2) {
      let others = 0;
      for (let a = 0; a < p; a++) {
        const from = a * count + k;
        const moved =
          (map[from] as number) * (residual[k] as number) + (map[from + 1] as number) * (residual[k + 1] as number);
        errors[a] = (errors[a] as number) + moved * moved;
        others += moved;
      }
      errors[p] = (errors[p] as number) + others * others;
    }
    for (const [a, square] of errors.entries()) errors[a] = correction * Math.sqrt(square);
  };
}
