import { createMatrix, type Matrix } from "@materiome/core";
import type { ForwardModel } from "@materiome/forward";

/** Shapley values by their definition: over all subsets (bits). */
export function bruteShapley(nPlayers: number, game: (coalition: number) => number): number[] {
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const values = Array.from({ length: 2 ** nPlayers }, (_, s) => game(s));
  const size = (s: number): number => s.toString(2).replaceAll("0", "").length;
  return Array.from({ length: nPlayers }, (_, p) => {
    let sum = 0;
    for (const [s, value] of values.entries()) {
      if ((s >> p) & 1) continue;
      const weight = (factorial(size(s)) * factorial(nPlayers - size(s) - 1)) / factorial(nPlayers);
      sum += weight * (values[s | (1 << p)] - value);
    }
    return sum;
  });
}

/** Mean prediction over the background rows, the coalition's features taken from row i. */
export function interventionalGame(
  model: Pick<ForwardModel, "predictSync">,
  x: Matrix,
  i: number,
  background: Matrix,
  players: readonly (readonly number[])[],
): (coalition: number) => number {
  const { columns: d } = x;
  return (coalition) => {
    const data = background.data.slice();
    for (const [p, features] of players.entries()) {
      if (((coalition >> p) & 1) === 0) continue;
      for (const f of features) for (let j = 0; j < background.rows; j++) data[j * d + f] = x.data[i * d + f];
    }
    const { mean } = model.predictSync(createMatrix(background.rows, d, data));
    return mean.data.reduce((sum, v) => sum + v, 0) / background.rows;
  };
}
