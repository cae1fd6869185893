import type { AbortLike } from "@materiome/core";
import { compileSpace } from "../space/compiledSpace.ts";
import { encodePoints } from "../space/encodePoints.ts";
import { type LinearRow, rowValue } from "../space/linearRows.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { rangeOf, type Variable } from "../space/variable.ts";
import type { Goal } from "./goal.ts";

import { atPosition, isInRegion, type Region } from "./region.ts";
import { columnsOf, type Scored, scorePoints } from "./scored.ts";

const MOST_STEPS = 40;
const MOST_HALVINGS = 8;

/**
 * Climbs along the gradient where sums and constraints tie variables: the gradient is projected onto the directions that keep all sums
 * and all linear limits that are reached, bounds included, and the step is halved until the point is allowed and better (Rosen's
 * gradient projection). Nonlinear constraints only stop a step. Amounts of a sum that move in steps are left to exchanges.
 *
 * @see Rosen, J. Soc. Ind. Appl. Math. 8, 181 (1960), doi:10.1137/0108011
 */
export function climbTied(region: Region, goal: Goal, from: Point, free: readonly number[], signal?: AbortLike): Point {
  const { space, box } = region;
  const { gradient } = goal.acquisition;
  const { rows } = compileSpace(space);
  const isStepped = (j: number): boolean => {
    const variable = space.variables[j];
    return variable?.kind === "continuous" && variable.step !== undefined;
  };
  const tied = rows.filter((row) => row.isSum || row.min === row.max);
  const moving = free.filter((j) => !(isStepped(j) && tied.some((row) => row.coefficients[j] !== 0)));
  // Log scales bend linear rows: there their slopes hold at one point only, and the check of each step does the rest.
  const slopes = (point: Point, coefficients: Float64Array): Float64Array =>
    Float64Array.from(moving, (j) => {
      const variable = space.variables[j] as Variable; // j < variables
      if (variable.kind === "category") return 0;
      const { min, max } = rangeOf(variable);
      const isLog = variable.kind === "continuous" && variable.scale === "log";
      return (coefficients[j] as number) * (isLog ? (point[j] as number) * Math.log(max / min) : max - min);
    });
  let best: Scored | undefined = scorePoints(region, goal, [from])[0];
  let step = 0.1;
  for (let s = 0; best !== undefined && s < MOST_STEPS && moving.length > 0; s++) {
    signal?.throwIfAborted();
    const point: Point = best.point;
    const x = encodePoints(space, [point]);
    const columns = columnsOf(x.features, region, moving);
    const slope = gradient?.(x).gradient.data;
    if (slope === undefined) break;
    const direction = Float64Array.from(columns, (column) => slope[column] as number);
    const positions = Float64Array.from(columns, (column) => x.data[column] as number);
    const normals = rows.flatMap((row) => {
      const normal = slopes(point, row.coefficients);
      if (normal.every((v) => v === 0)) return [];
      if (row.isSum || row.min === row.max) return [normal];
      const value = rowValue(row, point);
      if (value === undefined) return [];
      const size = 1e-6 * (1 + normal.reduce((sum, v) => sum + Math.abs(v), 0));
      const isBelow = value <= row.min + size && dot(normal, direction) < 0;
      return isBelow || (value >= row.max - size && dot(normal, direction) > 0) ? [normal] : [];
    });
    project(
      direction,
      positions,
      normals,
      moving.map((j) => [box?.low[j] ?? 0, box?.high[j] ?? 1]),
    );
    const length = Math.sqrt(dot(direction, direction));
    if (!(length > 1e-9)) break;
    let isBetter = false;
    for (let h = 0; h < MOST_HALVINGS; h++, step /= 2) {
      const next = Float64Array.from(point);
      moving.forEach((j, k) => {
        const [low, high] = [box?.low[j] ?? 0, box?.high[j] ?? 1];
        const at = Math.min(high, Math.max(low, (positions[k] as number) + (step * (direction[k] as number)) / length));
        next[j] = atPosition(space.variables[j] as Variable, at);
      });
      for (const row of tied) meetExactly(space, row, next, moving);
      if (!isInRegion(region, next)) continue;
      const [there] = scorePoints(region, goal, [next]);
      if (there === undefined || !(there.value > best.value)) continue;
      best = there;
      isBetter = true;
      step = Math.min(0.3, 2 * step);
      break;
    }
    if (!isBetter) break;
  }
  return best?.point ?? from;
}

/**
 * Puts an equation right that bounds and log scales have left by a little: the amount that has most room takes the difference. Its tolerance is
 * for amounts that are weighed, and no step along the gradient uses it up.
 */
function meetExactly({ variables }: SearchSpace, row: LinearRow, point: Point, moving: readonly number[]): void {
  const value = rowValue(row, point);
  if (value === undefined || row.min !== row.max) return;
  let [taker, most, shift] = [-1, 0, 0];
  for (const j of moving) {
    const coefficient = row.coefficients[j] as number; // j < variables
    const variable = variables[j];
    if (coefficient === 0 || variable === undefined || variable.kind === "category") continue;
    const change = (row.min - value) / coefficient;
    const { min, max } = rangeOf(variable);
    const room = change > 0 ? max - (point[j] as number) : (point[j] as number) - min;
    if (room >= Math.abs(change) && room > most) [taker, most, shift] = [j, room, change];
  }
  if (taker >= 0) point[taker] = Number(((point[taker] as number) + shift).toPrecision(12));
}

/** Takes from a direction what would leave the rows (orthonormalised one after the other) and the bounds that are reached. */
function project(
  direction: Float64Array,
  positions: Float64Array,
  normals: readonly Float64Array[],
  bounds: readonly (readonly [number, number] | number[])[],
): void {
  const blocked = new Set<number>();
  for (let round = 0; round <= direction.length; round++) {
    const basis: Float64Array[] = [];
    for (const normal of normals) {
      const own = normal.map((v, k) => (blocked.has(k) ? 0 : v));
      for (const b of basis) subtract(own, b, dot(own, b));
      const length = Math.sqrt(dot(own, own));
      if (length > 1e-10) basis.push(own.map((v) => v / length));
    }
    for (const k of blocked) direction[k] = 0;
    for (const b of basis) subtract(direction, b, dot(direction, b));
    let isNew = false;
    for (const [k, d] of direction.entries()) {
      const [low, high] = bounds[k] as readonly [number, number]; // one each
      const at = positions[k] as number;
      if (blocked.has(k) || !((d < -1e-12 && at <= low + 1e-9) || (d > 1e-12 && at >= high - 1e-9))) continue;
      blocked.add(k);
      isNew = true;
    }
    if (!isNew) return;
  }
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let k = 0; k < a.length; k++) a[k] = (a[k] as number) - factor * (b[k] as number); // same length
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number); // same length
  return sum;
}
