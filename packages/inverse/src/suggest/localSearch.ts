import type { AbortLike } from "@materiome/core";
import { minimiseBounded } from "@materiome/core/numerics";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import { nudge, positionOf, snap, type Variable, valueAt } from "../space/variable.ts";
import { isInRegion, type Region } from "./region.ts";

/** A point and the acquisition there. */
export interface Scored {
  readonly point: Point;
  readonly value: number;
}

const ROUNDS = 4;
const MOST_MOVES = 12;
const MOST_GRADIENTS = 40;
/** Moves of a number as shares of its range. */
const STEPS = [-0.1, -0.02, -0.004, 0.004, 0.02, 0.1];
/** A nudge moves by at least one step of a grid. */
const ONE_STEP = [-1e-9, 1e-9];

/**
 * Climbs from a point: a quasi-Newton search over the continuous variables (steps relaxed, then snapped) and the best of
 * single changes of all others, in turns until neither gains. Sums are kept by changing two amounts at once. Every point
 * that is returned lies in the region.
 */
export function localSearch(region: Region, acquisition: Acquisition, start: Scored, signal?: AbortLike): Scored {
  let best = start;
  for (let round = 0; round < ROUNDS; round++) {
    signal?.throwIfAborted();
    const before = best.value;
    best = climb(region, acquisition, best, signal);
    for (let move = 0; move < MOST_MOVES; move++) {
      const next = bestNeighbour(region, acquisition, best);
      if (!(next.value > best.value)) break;
      best = next;
    }
    if (!(best.value > before + 1e-9 * Math.max(1, Math.abs(before)))) break;
  }
  return best;
}

/** Values of the acquisition at points. */
export function scorePoints(region: Region, acquisition: Acquisition, points: readonly Point[]): Scored[] {
  if (points.length === 0) return [];
  const value = acquisition.value(encodePoints(region.space, points));
  return points.map((point, i) => ({ point, value: value[i] as number })); // one each
}

/** Variables that move continuously: free, and in no sum. */
function climbable({ space, held }: Region): number[] {
  const summed = new Set(space.sums.flatMap((sum) => sum.columns));
  return space.variables.flatMap((variable, j) =>
    variable.kind === "continuous" && !held.has(j) && !summed.has(variable.name) ? [j] : [],
  );
}

function climb(region: Region, acquisition: Acquisition, from: Scored, signal: AbortLike | undefined): Scored {
  const { gradient } = acquisition;
  const free = climbable(region);
  if (gradient === undefined || free.length === 0 || !Number.isFinite(from.value)) return from;
  const { space } = region;
  const x = encodePoints(space, [from.point]);
  const columns = free.map((j) => x.features.findIndex((f) => f.source[0] === space.variables[j]?.name));
  const found = minimiseBounded(
    (at, slope) => {
      columns.forEach((column, k) => {
        x.data[column] = at[k] as number; // one each
      });
      const { value, gradient: g } = gradient(x);
      columns.forEach((column, k) => {
        slope[k] = -(g.data[column] as number);
      });
      return -(value[0] as number);
    },
    columns.map((column) => Math.min(1, Math.max(0, x.data[column] as number))),
    {
      lower: free.map(() => 0),
      upper: free.map(() => 1),
      maxEvaluations: MOST_GRADIENTS,
      gradientTolerance: 1e-4,
      valueTolerance: 1e-6,
      signal,
    },
  );
  const point = Float64Array.from(from.point);
  free.forEach((j, k) => {
    point[j] = atPosition(space.variables[j] as Variable, found.x[k] as number); // j < variables
  });
  if (!isInRegion(region, point)) return from;
  const [there] = scorePoints(region, acquisition, [point]);
  return there !== undefined && there.value > from.value ? there : from;
}

/** Value at a position 0 … 1 between the bounds, snapped. */
function atPosition(variable: Variable, t: number): number {
  return variable.kind === "continuous"
    ? snap(variable, valueAt({ ...variable, step: undefined }, t))
    : valueAt(variable, t);
}

function bestNeighbour(region: Region, acquisition: Acquisition, from: Scored): Scored {
  const skipped = new Set(acquisition.gradient === undefined ? [] : climbable(region));
  const points = neighbours(region, from.point, skipped).filter((point) => isInRegion(region, point));
  let best = from;
  for (const scored of scorePoints(region, acquisition, points)) if (scored.value > best.value) best = scored;
  return best;
}

/** The point with one variable changed; within a sum, another gives what the first gains. */
function neighbours({ space, held }: Region, point: Point, climbed: ReadonlySet<number>): Point[] {
  const points: Point[] = [];
  space.variables.forEach((variable, j) => {
    if (held.has(j)) return;
    const value = point[j] as number; // j < variables
    if (variable.kind === "category") {
      for (const level of variable.levels.keys()) if (level !== value) points.push(changed(point, j, level));
      return;
    }
    // What a gradient has climbed is only moved along its grid.
    const isGrid = variable.kind !== "continuous" || variable.step !== undefined;
    const steps = climbed.has(j) ? (isGrid ? ONE_STEP : []) : isGrid ? [...STEPS, ...ONE_STEP] : STEPS;
    const sum = space.sums.find(({ columns }) => columns.includes(variable.name));
    for (const delta of steps) {
      const next = nudge(variable, value, delta);
      if (next === value) continue;
      if (sum === undefined) points.push(changed(point, j, next));
      else {
        space.variables.forEach((other, k) => {
          if (k === j || held.has(k) || other.kind === "category" || !sum.columns.includes(other.name)) return;
          const given = Number(((point[k] as number) - (next - value)).toPrecision(12));
          const both = changed(point, j, next);
          both[k] = given;
          if (positionOf(other, given) >= -1e-12 && positionOf(other, given) <= 1 + 1e-12) points.push(both);
        });
      }
    }
  });
  return points;
}

function changed(point: Point, j: number, value: number): Point {
  const next = Float64Array.from(point);
  next[j] = value;
  return next;
}
