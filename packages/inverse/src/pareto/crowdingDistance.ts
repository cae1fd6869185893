import type { Matrix } from "@materiome/core";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * Crowding distance of the rows of one front: over the objectives, the sum of the gap between the two neighbours of a row as a share
 * of the front's range; ∞ for the first and last of an objective that varies.
 *
 * @param values [n, m], rows of one rank
 * @returns [n], large where there is room
 * @throws DomainError for values that are not finite
 * @throws ShapeError without a column
 * @see Deb, Pratap, Agarwal & Meyarivan (2002), section III-B, doi:10.1109/4235.996017
 * @example
 * crowdingDistance(createMatrix(3, 2, Float64Array.of(0, 4, 1, 1, 4, 0))); // Float64Array [ Infinity, 2, Infinity ]
 */
export function crowdingDistance(values: Matrix): Float64Array {
  checkOutcomes("crowdingDistance", values);
  const { rows, columns, data } = values;
  const distance = new Float64Array(rows);
  for (let j = 0; j < columns; j++) {
    const at = (i: number): number => data[i * columns + j] ?? Number.NaN;
    const order = Array.from({ length: rows }, (_, i) => i).sort((a, b) => at(a) - at(b));
    const first = order[0];
    const last = order.at(-1);
    if (first === undefined || last === undefined) break;
    const range = at(last) - at(first);
    if (range === 0) continue;
    for (let k = 1; k + 1 < rows; k++) {
      const [before, i, after] = [order[k - 1] as number, order[k] as number, order[k + 1] as number]; // 0 < k < rows − 1
      distance[i] = (distance[i] ?? 0) + (at(after) - at(before)) / range;
    }
    distance[first] = Number.POSITIVE_INFINITY;
    distance[last] = Number.POSITIVE_INFINITY;
  }
  return distance;
}
