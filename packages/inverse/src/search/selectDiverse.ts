import { pointDistance } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Evaluated } from "./evaluator.ts";

export interface SelectDiverseOptions {
  readonly n: number;
  /** Least distance between two choices ({@link pointDistance}: 1 is the whole range of one variable). */
  readonly minDistance: number;
}

/**
 * Picks `n` points that lie far from each other and near what was tried: the most probable first, then always the one
 * with the largest d · (1 − s / 2), where d is the distance to its nearest chosen neighbour and s its domain score (0 at a
 * training row, 1 at the edge of the domain), while d is at least `minDistance`. Without the second factor this is greedy
 * max-min (T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985), doi:10.1016/0304-3975(85)90224-5), which goes to the
 * corners of what the model allows. Equal values go to the more probable. Returned most probable first; fewer than `n`
 * where no more are distinct.
 */
export function selectDiverse(
  space: SearchSpace,
  pool: readonly Evaluated[],
  options: SelectDiverseOptions,
): readonly Evaluated[] {
  const ranked = [...pool].sort(byProbability);
  const first = ranked[0];
  if (first === undefined || options.n < 1) return [];
  const chosen = [first];
  const nearest = Float64Array.from(ranked, (e) => pointDistance(space, e.point, first.point));
  while (chosen.length < options.n) {
    let best = -1;
    let most = 0;
    ranked.forEach((e, i) => {
      const distance = nearest[i] ?? 0;
      const worth = distance * (1 - Math.max(0, Math.min(1, e.domainScore)) / 2);
      if (distance >= options.minDistance && (best < 0 || worth > most + 1e-12)) [best, most] = [i, worth];
    });
    const next = ranked[best];
    if (next === undefined) break;
    chosen.push(next);
    ranked.forEach((e, i) => {
      nearest[i] = Math.min(nearest[i] ?? 0, pointDistance(space, e.point, next.point));
    });
  }
  return chosen.sort(byProbability);
}

/** Most probable first; where that is equal, the mean farther inside the limits, then the less strange; then by values, so that the order is fixed. */
export function byProbability(a: Evaluated, b: Evaluated): number {
  if (a.probability !== b.probability) return b.probability - a.probability;
  if (a.margin !== b.margin) return b.margin - a.margin;
  if (a.domainScore !== b.domainScore) return a.domainScore - b.domainScore;
  for (const [j, value] of a.point.entries()) {
    const other = b.point[j] ?? value;
    if (value !== other) return value - other;
  }
  return 0;
}
