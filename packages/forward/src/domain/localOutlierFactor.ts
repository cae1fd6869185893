import { DomainError, type Matrix } from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { checkRows } from "./leverages.ts";

/**
 * Local outlier factor of rows with respect to training rows: the density of training rows around their nearest ones over that around
 * themselves, about 1 inside, larger where a row lies in emptier space than its neighbours. Densities are inverse mean reachability distances
 * to the k nearest; of a training row without itself. Scale the columns first, as distances are Euclidean.
 *
 * @param training - [m, d], finite; @param x - [n, d], finite: new rows, that are not looked for among the training rows
 * @param k - neighbours, less than the training rows
 * @returns [n]; infinite where k training rows lie at one point and the row does not
 * @throws ShapeError for other columns; DataError for values that are not finite; DomainError for k
 * @see M. M. Breunig, H.-P. Kriegel, R. T. Ng, J. Sander, SIGMOD 2000, doi:10.1145/335191.335388
 * @example
 * const factors = localOutlierFactor(training, rows, 20);
 */
export function localOutlierFactor(training: Matrix, x: Matrix, k = 20): Float64Array {
  checkRows("localOutlierFactor", training, x);
  const m = training.rows;
  if (!(Number.isInteger(k) && k >= 1 && k < m)) {
    throw new DomainError(
      `localOutlierFactor: k must be a whole number in 1 … ${m - 1} (less than the rows), got ${k}`,
    );
  }
  const search = createNeighbourSearch(training);
  // Of each training row the k nearest others: among k + 1, where it is one of them or its twins are.
  const near = search(training, k + 1);
  const others = new Int32Array(m * k);
  const distances = new Float64Array(m * k);
  for (let i = 0; i < m; i++) {
    const found = Array.from({ length: k + 1 }, (_, q) => i * (k + 1) + q);
    const self = found.find((at) => near.rows[at] === i) ?? (found.at(-1) as number); // k + 1 of them
    for (const [q, at] of found.filter((at) => at !== self).entries()) {
      others[i * k + q] = near.rows[at] as number;
      distances[i * k + q] = near.distances[at] as number;
    }
  }
  const reach = Float64Array.from({ length: m }, (_, i) => distances[i * k + k - 1] as number);
  const densityOf = (rows: Int32Array, from: Float64Array, i: number): number => {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) {
      sum += Math.max(reach[rows[at] as number] as number, from[at] as number); // rows of training
    }
    return k / sum;
  };
  const density = Float64Array.from({ length: m }, (_, i) => densityOf(others, distances, i));
  const asked = search(x, k);
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const own = densityOf(asked.rows, asked.distances, i);
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += density[asked.rows[at] as number] as number; // a training row
    // All at one point: as dense as its neighbours.
    return own === Number.POSITIVE_INFINITY ? 1 : sum / k / own;
  });
}
