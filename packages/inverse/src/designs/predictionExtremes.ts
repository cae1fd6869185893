import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import { simplexDirections } from "../pareto/chebyshev.ts";
import type { DesignFactor } from "./modelMatrix.ts";

const MOST_GRID = 20_000;
const DRAWN = 4096;

/**
 * Largest value of a function over the region of a design, looked for on a grid: −1, 0, 1 of each number and all levels of categories
 * (a lattice for mixtures); of more than 20 000 points 4096 drawn evenly.
 */
export function predictionExtremes(
  factors: readonly DesignFactor[],
  region: "cube" | "simplex",
  valuesAt: (rows: Matrix) => Float64Array,
): number {
  const k = factors.length;
  if (region === "simplex") {
    const divisions = k <= 4 ? 20 : k <= 6 ? 10 : k <= 8 ? 5 : 3;
    return valuesAt(simplexDirections(k, divisions)).reduce((a, b) => Math.max(a, b), 0);
  }
  const levels = factors.map(({ kind, levels }) => (kind === "category" ? (levels as number) : 3));
  const count = levels.reduce((product, n) => product * n, 1);
  const n = count <= MOST_GRID ? count : DRAWN;
  const cube = n === count ? undefined : sobol(n, k, createRandom("predictionExtremes"));
  const rows = createMatrix(n, k);
  for (let i = 0; i < n; i++) {
    let rest = i;
    levels.forEach((size, j) => {
      const level = cube === undefined ? rest % size : Math.floor((cube.data[i * k + j] as number) * size);
      rest = Math.floor(rest / size);
      rows.data[i * k + j] = (2 * level) / (size - 1) - 1;
    });
  }
  return valuesAt(rows).reduce((a, b) => Math.max(a, b), 0);
}
