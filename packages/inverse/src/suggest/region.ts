import { DataError, DomainError, InfeasibleError, nearestNames, type Random } from "@materiome/core";
import { SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";
import type { Point } from "../space/points.ts";
import { sampleSpace } from "../space/sampleSpace.ts";
import type { SearchSpace, Setting } from "../space/searchSpace.ts";
import { isAllowedValue, positionOf, settingOf, snap, type Variable, valueAt } from "../space/variable.ts";
import { isAllowedPoint, refusedText } from "../space/violations.ts";
import type { Box } from "./trustRegion.ts";

/** The part of a space in which points are looked for. */
export interface Region {
  readonly space: SearchSpace;
  /** Values of variables that are held, by index. */
  readonly held: ReadonlyMap<number, number>;
  /** Bounds of the positions of numbers. @defaultValue the whole range */
  readonly box?: Box | undefined;
}

/**
 * Settings as values of the variables.
 *
 * @throws DataError for a name that is no variable, or a level that is none
 * @throws DomainError for a value out of bounds or off the grid
 */
export function holdSettings(space: SearchSpace, settings: readonly Setting[]): Map<number, number> {
  const names = space.variables.map((variable) => variable.name);
  return new Map(
    settings.map(({ name, value }) => {
      const j = names.indexOf(name);
      const variable = space.variables[j];
      if (variable === undefined) {
        const near = nearestNames(name, names);
        throw new DataError(
          `suggest: "${name}" cannot be held, it is no variable of the space${near.length > 0 ? `; did you mean "${near[0]}"?` : ""}`,
        );
      }
      const number = numberOf(variable, value);
      if (!isAllowedValue(variable, number)) {
        const known = variable.kind === "category" ? variable.levels : undefined;
        const why = known === undefined ? refusedText(variable, number) : `it takes ${known.join(", ")}`;
        throw new DomainError(`suggest: "${name}" cannot be held at ${value}: ${why}`);
      }
      return [j, number];
    }),
  );
}

/** A setting as the number that a point holds; NaN for a text that is none of its levels. */
function numberOf(variable: Variable, value: number | string): number {
  if (variable.kind === "category") return variable.levels.indexOf(String(value));
  if (variable.kind === "ordinal") return variable.values.find((v) => settingOf(variable, v) === value) ?? Number.NaN;
  return typeof value === "number" ? value : Number.NaN;
}

/** True if the space allows the point, it has the held values, and its numbers lie in the box. */
export function isInRegion({ space, held, box }: Region, point: Point): boolean {
  for (const [j, value] of held) if (point[j] !== value) return false;
  if (box !== undefined) {
    for (const [j, variable] of space.variables.entries()) {
      if (variable.kind !== "continuous" || held.has(j)) continue;
      const at = positionOf(variable, point[j] as number); // j < variables
      if (at < (box.low[j] as number) - 1e-9 || at > (box.high[j] as number) + 1e-9) return false;
    }
  }
  return isAllowedPoint(space, point);
}

/** True if all numbers can be changed one by one: no sums, conditions or constraints tie them. */
export function isPlainBox({ variables, sums, constraints = [] }: SearchSpace): boolean {
  return sums.length === 0 && constraints.length === 0 && variables.every(({ when }) => when === undefined);
}

/**
 * Points evenly spread over the region: scrambled Sobol points in a plain box, elsewhere uniform ones inside
 * sums and constraints, given the held settings.
 *
 * @throws InfeasibleError if there is none
 */
export function drawPoints(region: Region, n: number, random: Random): Point[] {
  const { space, held, box } = region;
  const d = space.variables.length;
  if (!isPlainBox(space)) {
    const drawn = sampleSpace(space, n, random, { held });
    if (box === undefined) return drawn;
    const pulled = drawn.map((point) => pulledIntoBox(region, box, point, random.next()));
    const inside = pulled.filter((point) => isInRegion(region, point));
    // Held settings that the centre has not may leave none on the ways to it; changes of good tried points are candidates then.
    return inside.length > 0 ? inside : drawn;
  }
  const cube = d <= SOBOL_MAX_DIMENSIONS ? sobol(n, d, random).data : undefined;
  const share = Math.min(1, BOX_CHANGES / d);
  const points: Point[] = [];
  for (let i = 0; i < n; i++) {
    const sure = random.int(d);
    const point = Float64Array.from(space.variables, (variable, j) => {
      const fixed = held.get(j);
      const u = cube === undefined ? random.next() : (cube[i * d + j] as number); // i < n
      if (fixed !== undefined) return fixed;
      if (box === undefined) return valueAt(variable, u);
      // In a trust region only some variables leave the centre: TuRBO's candidates.
      if (j !== sure && random.next() >= share) return box.centre[j] as number;
      if (variable.kind !== "continuous") return valueAt(variable, u);
      const [low, high] = [box.low[j] as number, box.high[j] as number];
      return atPosition(variable, low + u * (high - low));
    });
    if (isInRegion(region, point)) points.push(point);
  }
  if (points.length > 0 || n === 0) return points;
  throw new InfeasibleError("suggest: no point lies in the trust region and has the held settings; hold fewer of them");
}

/**
 * The point on the straight way from the centre of a box to a point at a share of what lies inside: sums and linear constraints that
 * both ends meet hold all along it. What is not continuous stays as in the centre, and is changed by the search among neighbours.
 */
function pulledIntoBox({ space, held }: Region, { low, high, centre }: Box, to: Point, share: number): Point {
  const ways = space.variables.map((variable, j) => {
    const way = (to[j] as number) - (centre[j] as number); // j < variables
    return variable.kind !== "continuous" || Number.isNaN(way) ? 0 : way;
  });
  let inside = 1;
  for (const [j, variable] of space.variables.entries()) {
    const way = ways[j] as number;
    if (way === 0 || held.has(j) || variable.kind !== "continuous") continue;
    const bound = valueAt({ ...variable, step: undefined }, (way > 0 ? high : low)[j] as number);
    inside = Math.min(inside, (bound - (centre[j] as number)) / way);
  }
  return Float64Array.from(space.variables, (variable, j) => {
    const middle = centre[j] as number;
    const way = ways[j] as number;
    return held.get(j) ?? (way === 0 ? middle : snap(variable, middle + share * Math.max(0, inside) * way));
  });
}

/** Variables that a candidate in a trust region changes, on average, where there are more. */
const BOX_CHANGES = 20;

/** Value at a position 0 … 1 between the bounds, snapped to the grid. */
export function atPosition(variable: Variable, t: number): number {
  if (variable.kind !== "continuous") return valueAt(variable, t);
  return snap(variable, valueAt({ ...variable, step: undefined }, t));
}
