import { createMatrix, type Matrix } from "@materiome/core";
import { hypervolumeOf } from "../kernels/index.ts";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * What each row alone adds to the hypervolume: its own box to the reference less what the other rows dominate of it. 0 for rows that
 * are dominated, repeated or beyond the reference.
 *
 * @param values [n, m], all columns to be small
 * @param reference [m]
 * @returns [n]
 * @throws DomainError for values that are not finite
 * @throws ShapeError if the reference has another length than the rows
 * @see While, Bradstreet & Barone (2012), section III, doi:10.1109/TEVC.2010.2077298
 * @example
 * hypervolumeContributions(createMatrix(2, 2, Float64Array.of(1, 2, 2, 1)), [3, 3]); // Float64Array [ 1, 1 ]
 */
export function hypervolumeContributions(values: Matrix, reference: ArrayLike<number>): Float64Array {
  checkOutcomes("hypervolumeContributions", values, reference);
  const corner = Float64Array.from(reference);
  const { rows, columns: m, data } = values;
  return Float64Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * m, (i + 1) * m);
    if (row.some((value, j) => value >= (corner[j] ?? value))) return 0;
    const limits = createMatrix(rows - 1, m);
    for (let k = 0; k < rows; k++) {
      if (k === i) continue;
      const to = (k < i ? k : k - 1) * m;
      row.forEach((value, j) => {
        limits.data[to + j] = Math.max(value, data[k * m + j] ?? value);
      });
    }
    const inclusive = row.reduce((product, value, j) => product * ((corner[j] ?? value) - value), 1);
    return Math.max(0, inclusive - hypervolumeOf(rows - 1, m, limits.data, corner));
  });
}
