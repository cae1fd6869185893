import { isActive } from "../../space/activity.ts";
import type { Point } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { levelCount, positionOf, type Variable, valueAt } from "../../space/variable.ts";

/**
 * Points as places in the unit cube, one coordinate in [0, 1) per variable. A uniform place is a uniform point: every level of a
 * grid or category has an equal share, a log scale is uniform in the logarithm. A walk in the cube needs no correction for
 * grids and bounds. Inactive variables keep their coordinate, uniform and without effect (B. P. Carlin & S. Chib, J. R. Stat. Soc. B 57,
 * 473 (1995), doi:10.1111/j.2517-6161.1995.tb02042.x), so that steps between conditions need no correction either.
 */
export function decodePlace(space: SearchSpace, place: Float64Array): Point {
  const point = Float64Array.from(space.variables, (variable, j) => valueAt(variable, place[j] ?? 0));
  const inactive = space.variables.flatMap(({ when }, j) =>
    when === undefined || isActive(space, point, j) ? [] : [j],
  );
  for (const j of inactive) point[j] = Number.NaN;
  return point;
}

/** A place that {@link decodePlace} turns into the point: the middle of its cell, of the range where a variable is inactive. */
export function placeOf(space: SearchSpace, point: Point): Float64Array {
  return Float64Array.from(space.variables, (variable, j) => coordinateOf(variable, point[j] ?? Number.NaN));
}

function coordinateOf(variable: Variable, value: number): number {
  if (Number.isNaN(value)) return 0.5;
  const count = levelCount(variable);
  if (variable.kind === "ordinal") return (variable.values.indexOf(value) + 0.5) / count;
  if (variable.kind === "category") return (value + 0.5) / count;
  const isLog = variable.kind === "continuous" && variable.scale === "log";
  const t = positionOf(variable, value);
  if (isLog || !Number.isFinite(count)) return Math.min(t, 1 - 2 ** -53);
  // Cells of a grid are equally wide; the nearest by position is the value's own or its neighbour.
  const guess = Math.min(count - 1, Math.max(0, Math.floor(t * count)));
  for (const k of [guess, guess + 1, guess - 1, guess + 2, guess - 2]) {
    const u = (k + 0.5) / count;
    if (k >= 0 && k < count && valueAt(variable, u) === value) return u;
  }
  return (guess + 0.5) / count;
}

/** Back into [0, 1) by reflection at the ends, which keeps a symmetric step symmetric. */
export function reflect(u: number): number {
  const t = Math.abs(u) % 2;
  return Math.min(t > 1 ? 2 - t : t, 1 - 2 ** -53);
}
