import { createMatrix } from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";

/** Known places that an interpolation looks at. */
const NEIGHBOURS = 6;
const TREE_DIMENSIONS = 6;
/** Share of the largest weight below which none falls: no place is so bad that the chains could not pass. */
const FLOOR = 0.02;

/** A guess of the weight at a place, above 0 everywhere. */
export type Guess = (place: Float64Array) => number;

/**
 * Interpolates weights from known places: the mean over the 6 nearest, weighed by 1 / distance² (D. Shepard, Proc. 23rd ACM Natl. Conf.,
 * 517 (1968), doi:10.1145/800186.810616), not below 2 % of the largest. It follows steps and edges, which models of trees are full of, about as
 * well as slopes.
 *
 * @param weights - one for each place, not negative, some above 0
 */
export function interpolate(places: readonly Float64Array[], weights: readonly number[]): Guess {
  const d = places[0]?.length ?? 0;
  const data = new Float64Array(places.length * d);
  for (const [i, place] of places.entries()) data.set(place, i * d);
  // So few places in more dimensions leave a tree nothing to cut away.
  const method = d <= TREE_DIMENSIONS ? "tree" : "all";
  const nearest = createNeighbourSearch(createMatrix(places.length, d, data), { method });
  const k = Math.min(NEIGHBOURS, places.length);
  const floor = FLOOR * weights.reduce((a, b) => Math.max(a, b), 0);
  return (place) => {
    const { rows, distances } = nearest(createMatrix(1, d, place), k);
    let [sum, total] = [0, 0];
    for (let j = 0; j < k; j++) {
      const share = 1 / ((distances[j] ?? 0) ** 2 + 1e-9);
      sum += share * (weights[rows[j] ?? 0] ?? 0);
      total += share;
    }
    return Math.max(floor, sum / total);
  };
}
