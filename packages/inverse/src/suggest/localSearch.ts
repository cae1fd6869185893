import type { AbortLike } from "@materiome/core";
import { minimiseBounded } from "@materiome/core/numerics";
import { settleActivity } from "../space/activity.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import { nudge, positionOf, type Variable, valueAt } from "../space/variable.ts";
import { climbTied } from "./climbTied.ts";
import type { Goal } from "./goal.ts";
import { atPosition, isInRegion, isPlainBox, type Region } from "./region.ts";
import { climbable, columnsOf, type Scored, scorePoints } from "./scored.ts";

const ROUNDS = 4;
const MOST_MOVES = 12;
const MOST_GRADIENTS = 60;
const MOST_LEVELS = 50;
/** Moves of a number as shares of its range. */
const STEPS = [-0.1, -0.02, -0.004, 0.004, 0.02, 0.1];
/** A nudge moves by at least one step of a grid. */
const ONE_STEP = [-1e-9, 1e-9];

/**
 * Climbs from a point: along the gradient over the continuous variables (steps relaxed, then snapped; within sums and linear
 * constraints where there are any) and to the best of single changes of all others, in turns until neither gains. Every point that
 * is returned lies in the region.
 */
export function localSearch(region: Region, goal: Goal, start: Scored, signal?: AbortLike): Scored {
  let best = start;
  for (let round = 0; round < ROUNDS; round++) {
    signal?.throwIfAborted();
    const before = best.value;
    best = climb(region, goal, best, signal);
    for (let move = 0; move < MOST_MOVES; move++) {
      const next = bestNeighbour(region, goal, best);
      if (!(next.value > best.value)) break;
      best = next;
    }
    if (!(best.value > before + 1e-9 * Math.max(1, Math.abs(before)))) break;
  }
  return best;
}

function climb(region: Region, goal: Goal, from: Scored, signal: AbortLike | undefined): Scored {
  const free = climbable(region, from.point);
  const { gradient } = goal.acquisition;
  if (gradient === undefined || free.length === 0 || !Number.isFinite(from.value)) return from;
  const point = isPlainBox(region.space)
    ? climbBox(region, goal, from.point, free, signal)
    : climbTied(region, goal, from.point, free, signal);
  if (!isInRegion(region, point)) return from;
  const [there] = scorePoints(region, goal, [point]);
  return there !== undefined && there.value > from.value ? there : from;
}

function climbBox(
  region: Region,
  goal: Goal,
  from: Point,
  free: readonly number[],
  signal: AbortLike | undefined,
): Point {
  const { space, box } = region;
  const { gradient } = goal.acquisition;
  const x = encodePoints(space, [from]);
  const columns = columnsOf(x.features, region, free);
  const lower = free.map((j) => box?.low[j] ?? 0);
  const upper = free.map((j) => box?.high[j] ?? 1);
  const pointAt = (positions: ArrayLike<number>): Point => {
    const point = Float64Array.from(from);
    free.forEach((j, k) => {
      point[j] = valueAt({ ...(space.variables[j] as Variable), step: undefined } as Variable, positions[k] as number);
    });
    return point;
  };
  const found = minimiseBounded(
    (at, slope) => {
      columns.forEach((column, k) => {
        x.data[column] = at[k] as number; // one each
      });
      const { value, gradient: g } = gradient?.(x) ?? { value: [Number.NaN], gradient: x };
      columns.forEach((column, k) => {
        slope[k] = -(g.data[column] as number);
      });
      return -(value[0] as number) + addCost(goal, at, slope, lower, upper, pointAt);
    },
    columns.map((column, k) => Math.min(upper[k] as number, Math.max(lower[k] as number, x.data[column] as number))),
    { lower, upper, maxEvaluations: MOST_GRADIENTS, gradientTolerance: 1e-4, valueTolerance: 1e-7, signal },
  );
  const point = Float64Array.from(from);
  free.forEach((j, k) => {
    point[j] = atPosition(space.variables[j] as Variable, found.x[k] as number); // j < variables
  });
  return point;
}

/** The logarithm of the cost, its central differences added to `slope`: costs are cheap to evaluate. */
function addCost(
  { logCost }: Goal,
  at: Float64Array,
  slope: Float64Array,
  lower: readonly number[],
  upper: readonly number[],
  pointAt: (positions: ArrayLike<number>) => Point,
): number {
  if (logCost === undefined) return 0;
  const moved = [...at.keys()].flatMap((k) =>
    [
      Math.min(upper[k] as number, (at[k] as number) + 1e-5),
      Math.max(lower[k] as number, (at[k] as number) - 1e-5),
    ].map((position) => {
      const next = at.slice();
      next[k] = position;
      return next;
    }),
  );
  const values = logCost([at, ...moved].map(pointAt));
  for (const k of at.keys()) {
    const width = (moved[2 * k]?.[k] as number) - (moved[2 * k + 1]?.[k] as number);
    if (width > 0)
      slope[k] = (slope[k] as number) + ((values[2 * k + 1] as number) - (values[2 * k + 2] as number)) / width;
  }
  return values[0] as number;
}

function bestNeighbour(region: Region, goal: Goal, from: Scored): Scored {
  const climbed = new Set(goal.acquisition.gradient === undefined ? [] : climbable(region, from.point));
  const points = neighbours(region, from.point, climbed).filter((point) => isInRegion(region, point));
  let best = from;
  for (const scored of scorePoints(region, goal, points)) if (scored.value > best.value) best = scored;
  return best;
}

/** The point with one variable changed; within a sum, another gives what the first gains. */
function neighbours(region: Region, point: Point, climbed: ReadonlySet<number>): Point[] {
  const { space, held } = region;
  const points: Point[] = [];
  const add = (j: number, value: number): Point => {
    const next = Float64Array.from(point);
    next[j] = value;
    settleActivity(space, next, (other) => valueAt(other, 0.5));
    points.push(next);
    return next;
  };
  space.variables.forEach((variable, j) => {
    const value = point[j] as number; // j < variables
    if (held.has(j) || Number.isNaN(value)) return;
    if (variable.kind === "category") {
      if (variable.levels.length > MOST_LEVELS) return;
      for (const level of variable.levels.keys()) if (level !== value) add(j, level);
      return;
    }
    // What a gradient has climbed is only moved along its grid.
    const isGrid = variable.kind !== "continuous" || variable.step !== undefined;
    const steps = climbed.has(j) ? (isGrid ? ONE_STEP : []) : isGrid ? [...STEPS, ...ONE_STEP] : STEPS;
    const sum = space.sums.find(({ columns }) => columns.includes(variable.name));
    for (const delta of sum === undefined ? steps : [...STEPS, ...ONE_STEP]) {
      const next = nudge(variable, value, delta);
      if (next === value) continue;
      if (sum === undefined) {
        add(j, next);
        continue;
      }
      space.variables.forEach((other, k) => {
        if (k === j || held.has(k) || other.kind === "category" || !sum.columns.includes(other.name)) return;
        const given = Number(((point[k] as number) - (next - value)).toPrecision(12));
        if (Number.isNaN(given) || positionOf(other, given) < -1e-12 || positionOf(other, given) > 1 + 1e-12) return;
        add(j, next)[k] = given;
      });
    }
  });
  return points;
}
