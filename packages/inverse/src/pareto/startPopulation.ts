import type { Random } from "@materiome/core";
import type { Point } from "../space/points.ts";
import { sampleSpace } from "../space/sampleSpace.ts";
import type { SearchSpace } from "../space/searchSpace.ts";

/** Draws are repeated so often where points of a finite space come out more than once. */
const ROUNDS = 5;

/**
 * Different points that the space allows: the seeds, then points uniform inside its constraints; fewer than n of a small space.
 *
 * @throws InfeasibleError if no point is found
 */
export function startPopulation(
  space: SearchSpace,
  seeds: readonly Point[],
  n: number,
  random: Random,
): readonly Point[] {
  const found = new Map<string, Point>();
  for (const seed of seeds.slice(0, n)) found.set(seed.join("|"), seed);
  for (let round = 0; round < ROUNDS && found.size < n; round++) {
    for (const point of sampleSpace(space, n - found.size, random.fork(round))) found.set(point.join("|"), point);
  }
  return [...found.values()];
}
