import { DataError, type Matrix, takeRows } from "@materiome/core";
import { checkOutcomes } from "./checkOutcomes.ts";
import { paretoFront } from "./paretoFront.ts";

/**
 * Reference point where nobody named one: the worst value of each objective on the Pareto front (the nadir) and a tenth of the
 * front's range in it beyond that. An objective in which the front does not vary takes the range of all rows instead; where these do
 * not vary either, a tenth of the value itself (0.1 if that is 0).
 *
 * A hypervolume is comparable only at one reference point: name it, or keep this one, where progress is followed.
 *
 * @param values [n, m], all columns to be small
 * @returns [m]
 * @throws DataError without a row
 * @throws DomainError for values that are not finite
 * @see Ishibuchi, Imada, Setoguchi & Nojima, Evol. Comput. 26, 411 (2018), doi:10.1162/evco_a_00226, on why a little beyond the nadir
 * @example
 * referencePointOf(createMatrix(3, 2, Float64Array.of(0, 10, 4, 0, 9, 9))); // Float64Array [ 4.4, 11 ]
 */
export function referencePointOf(values: Matrix): Float64Array {
  checkOutcomes("referencePointOf", values);
  if (values.rows === 0) throw new DataError("referencePointOf: there is no row; measure first or name the point");
  const front = takeRows(values, paretoFront(values));
  return Float64Array.from({ length: values.columns }, (_, j) => {
    const [best, nadir] = rangeOf(front, j);
    if (nadir > best) return nadir + 0.1 * (nadir - best);
    const [least, most] = rangeOf(values, j);
    if (most > least) return nadir + 0.1 * (most - least);
    return nadir + (nadir === 0 ? 0.1 : 0.1 * Math.abs(nadir));
  });
}

function rangeOf({ rows, columns, data }: Matrix, j: number): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows; i++) {
    const value = data[i * columns + j] ?? Number.NaN;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
