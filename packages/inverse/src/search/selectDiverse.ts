import { pointDistance } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Evaluated } from "./evaluator.ts";

export interface SelectDiverseOptions {
  readonly n: number;
  /** Least distance between two choices ({@link pointDistance}: 1 is the whole range of one variable). */
  readonly minDistance: number;
}

/**
 * Picks `n` points that lie far from each other: the most probable first, then always the one whose nearest chosen
 * neighbour is farthest (greedy max-min; T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985),
 * doi:10.1016/0304-3975(85)90224-5, within a factor 2 of the best spread), while that is at least `minDistance`.
 * Equal distances go to the more probable. Returned most probable first; fewer than `n` where no more are distinct.
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
    nearest.forEach((distance, i) => {
      if (distance >= options.minDistance && (best < 0 || distance > (nearest[best] ?? 0) + 1e-12)) best = i;
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
