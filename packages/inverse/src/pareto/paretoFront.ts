import type { Matrix } from "@materiome/core";
import { paretoRanks } from "../kernels/index.ts";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * Rows that no other row dominates: none is at least as good in all objectives and better in one. Equal rows do not dominate each
 * other, so copies of a front point are all returned. O(n² m).
 *
 * @param values [n, m], all columns to be small ({@link minimisedValues})
 * @returns indices of rows, rising
 * @throws DomainError for values that are not finite
 * @throws ShapeError without a column
 * @example
 * paretoFront(createMatrix(3, 2, Float64Array.of(1, 4, 2, 2, 3, 3))); // [0, 1]
 */
export function paretoFront(values: Matrix): number[] {
  checkOutcomes("paretoFront", values);
  const ranks = new Int32Array(values.rows);
  paretoRanks(values.rows, values.columns, values.data, true, ranks);
  return Array.from(ranks.keys()).filter((i) => ranks[i] === 0);
}
