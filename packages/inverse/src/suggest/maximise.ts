import type { AbortLike, Random } from "@materiome/core";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { type Point, pointDistance } from "../space/points.ts";
import { nudge, valueAt } from "../space/variable.ts";
import { localSearch, type Scored, scorePoints } from "./localSearch.ts";
import { drawPoints, isInRegion, type Region } from "./region.ts";

export interface MaximiseOptions {
  readonly random: Random;
  /** Good tried points: their surroundings are looked at more closely. */
  readonly seeds: readonly Point[];
  /** Points that may not be returned. */
  readonly isExcluded: (point: Point) => boolean;
  readonly signal?: AbortLike | undefined;
}

const DRAWS = 384;
const AROUND = 16;
const MOST_SEEDS = 8;
const STARTS = 4;

/**
 * The point of a region with the largest acquisition: evenly spread points and small changes of good tried ones are scored, and
 * the best few, not too near each other, are climbed from. The result depends on the stream alone.
 *
 * @returns undefined where every point found is excluded
 */
export function maximise(region: Region, acquisition: Acquisition, options: MaximiseOptions): Scored | undefined {
  const { random, seeds, isExcluded, signal } = options;
  const candidates = [
    ...drawPoints(region, DRAWS, random.fork("draws")),
    ...seeds.slice(0, MOST_SEEDS).flatMap((seed, s) => around(region, seed, random.fork("around").fork(s))),
  ];
  const ranked = byValue(scorePoints(region, acquisition, candidates));
  const starts: Scored[] = [];
  for (const scored of ranked) {
    if (starts.length >= STARTS) break;
    if (starts.every(({ point }) => pointDistance(region.space, point, scored.point) > 0.05)) starts.push(scored);
  }
  const climbed = starts.map((start) => localSearch(region, acquisition, start, signal));
  return byValue([...climbed, ...ranked]).find(({ point }) => !isExcluded(point));
}

/** Best first; equal ones in their order. */
export function byValue(scored: readonly Scored[]): Scored[] {
  return scored
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
}

/** Changes of a point on three scales in some of its variables. */
function around(region: Region, seed: Point, random: Random): Point[] {
  const { variables } = region.space;
  const points: Point[] = [];
  for (let i = 0; i < AROUND; i++) {
    const width = [0.2, 0.05, 0.01][i % 3] as number;
    const share = Math.min(1, Math.max(1.5 / variables.length, random.next()));
    const point = Float64Array.from(variables, (variable, j) => {
      const value = region.held.get(j) ?? (seed[j] as number); // j < variables
      if (region.held.has(j) || random.next() > share) return value;
      if (variable.kind === "category") return valueAt(variable, random.next());
      return nudge(variable, value, width * random.normal());
    });
    if (isInRegion(region, point)) points.push(point);
  }
  return points;
}
