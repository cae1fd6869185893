import type { Feature } from "@materiome/core";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { Goal } from "./goal.ts";
import type { Region } from "./region.ts";

/** A point and what the goal is worth there. */
export interface Scored {
  readonly point: Point;
  readonly value: number;
}

/** What the goal is worth at points. */
export function scorePoints({ space }: Region, { acquisition, logCost }: Goal, points: readonly Point[]): Scored[] {
  if (points.length === 0) return [];
  const value = acquisition.value(encodePoints(space, points));
  const cost = logCost?.(points);
  return points.map((point, i) => ({ point, value: (value[i] as number) - (cost?.[i] ?? 0) })); // one each
}

/** Variables that a gradient moves: continuous, not held, and there. */
export function climbable({ space, held }: Region, point: Point): number[] {
  return space.variables.flatMap((variable, j) =>
    variable.kind === "continuous" && !held.has(j) && !Number.isNaN(point[j] as number) ? [j] : [],
  );
}

/** Column of the features that a continuous variable is. */
export function columnsOf(features: readonly Feature[], region: Region, free: readonly number[]): number[] {
  return free.map((j) => features.findIndex(({ source }) => source[0] === region.space.variables[j]?.name));
}
