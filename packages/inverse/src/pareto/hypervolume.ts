import type { Matrix } from "@materiome/core";
import { hypervolumeOf } from "../kernels/index.ts";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * Hypervolume: the volume of outcomes that some row dominates and that dominate the reference point, in the product of the objectives'
 * units. Exact. Rows at or beyond the reference in an objective add nothing.
 *
 * One to three objectives are swept (O(n log n) for two, at most O(n²) for three); more are sums of exclusive volumes (WFG), O(n³)
 * for four.
 *
 * @param values [n, m], all columns to be small
 * @param reference [m], the worst outcome that still counts
 * @throws DomainError for values that are not finite
 * @throws ShapeError if the reference has another length than the rows
 * @see Beume et al., IEEE Trans. Evol. Comput. 13, 1075 (2009), doi:10.1109/TEVC.2009.2015575; While, Bradstreet & Barone, IEEE
 * Trans. Evol. Comput. 16, 86 (2012), doi:10.1109/TEVC.2010.2077298
 * @example
 * hypervolume(createMatrix(2, 2, Float64Array.of(1, 2, 2, 1)), [3, 3]); // 3
 */
export function hypervolume(values: Matrix, reference: ArrayLike<number>): number {
  checkOutcomes("hypervolume", values, reference);
  return hypervolumeOf(values.rows, values.columns, values.data, Float64Array.from(reference));
}
