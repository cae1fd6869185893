import type { Matrix } from "@materiome/core";
import { paretoRanks } from "../kernels/index.ts";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * Rank of each row: 0 on the Pareto front, 1 on the front of what is left without it, and so on.
 *
 * @param values [n, m], all columns to be small
 * @returns [n]
 * @throws DomainError for values that are not finite
 * @throws ShapeError without a column
 * @see Deb, Pratap, Agarwal & Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017
 * @example
 * nonDominatedSort(createMatrix(3, 2, Float64Array.of(1, 4, 2, 2, 3, 3))); // Int32Array [ 0, 0, 1 ]
 */
export function nonDominatedSort(values: Matrix): Int32Array {
  checkOutcomes("nonDominatedSort", values);
  const ranks = new Int32Array(values.rows);
  paretoRanks(values.rows, values.columns, values.data, false, ranks);
  return ranks;
}
