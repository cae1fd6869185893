import type { AbortLike, Random } from "@materiome/core";
import { mutate } from "../space/neighbourOf.ts";
import { type Point, pointDistance } from "../space/points.ts";
import type { Goal } from "./goal.ts";
import { localSearch } from "./localSearch.ts";
import { drawPoints, isInRegion, isPlainBox, type Region } from "./region.ts";
import { type Scored, scorePoints } from "./scored.ts";

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
 * The point of a region where a goal is worth most: evenly spread points and small changes of good tried ones are scored, and the
 * best few, not too near each other, are climbed from. The result depends on the stream alone.
 *
 * @returns undefined where every point found is excluded
 */
export function maximise(region: Region, goal: Goal, options: MaximiseOptions): Scored | undefined {
  const { random, isExcluded, signal } = options;
  const ranked = byValue(scorePoints(region, goal, candidatesOf(region, options.seeds, random)));
  const starts: Scored[] = [];
  for (const scored of ranked) {
    if (starts.length >= STARTS) break;
    if (starts.every(({ point }) => pointDistance(region.space, point, scored.point) > 0.05)) starts.push(scored);
  }
  const climbed = starts.map((start) => localSearch(region, goal, start, signal));
  return byValue([...climbed, ...ranked]).find(({ point }) => !isExcluded(point));
}

/** Points evenly spread over the region, and small changes of good tried ones. */
export function candidatesOf(region: Region, seeds: readonly Point[], random: Random): Point[] {
  // What a trust region holds is searched more closely, as all its points are changes of one.
  const draws = drawPoints(region, region.box === undefined ? DRAWS : 2 * DRAWS, random.fork("draws"));
  return [
    ...draws,
    ...seeds.slice(0, MOST_SEEDS).flatMap((seed, s) => around(region, seed, random.fork("around").fork(s))),
  ];
}

/** Best first; equal ones in their order. */
export function byValue(scored: readonly Scored[]): Scored[] {
  return scored
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
}

/** Changes of a point on three scales in some of its variables. */
function around(region: Region, seed: Point, random: Random): Point[] {
  const points: Point[] = [];
  const { space, held } = region;
  const isPlain = isPlainBox(space);
  for (let i = 0; i < AROUND; i++) {
    // One call changes one to three variables.
    const nChanges = isPlain ? 1 + random.int(Math.ceil(space.variables.length / 2)) : 1;
    const point = Float64Array.from(seed);
    for (let c = 0; c < nChanges; c++) mutate(space, point, [0.2, 0.05, 0.01][i % 3] as number, random);
    for (const [j, value] of held) point[j] = value;
    if (isInRegion(region, point)) points.push(point);
  }
  return points;
}
