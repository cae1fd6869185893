import { DataError, DomainError, InfeasibleError, nearestNames, type Random } from "@materiome/core";
import { latinHypercube, SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";
import type { Point } from "../space/points.ts";
import type { SearchSpace, Setting } from "../space/searchSpace.ts";
import { isAllowedValue, valueAt } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";

/** The part of a space in which points are looked for. */
export interface Region {
  readonly space: SearchSpace;
  /** Values of variables that are held, by index. */
  readonly held: ReadonlyMap<number, number>;
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
      const number =
        typeof value === "number" ? value : variable.kind === "category" ? variable.levels.indexOf(value) : Number.NaN;
      if (!isAllowedValue(variable, number)) {
        throw new DomainError(`suggest: "${name}" cannot be held at ${value}, the space does not allow that value`);
      }
      return [j, number];
    }),
  );
}

/** True if the space allows the point and it has the held values. */
export function isInRegion({ space, held }: Region, point: Point): boolean {
  for (const [j, value] of held) if (point[j] !== value) return false;
  return isAllowedPoint(space, point);
}

/**
 * Points of the region, evenly spread (scrambled Sobol points, those kept that meet the constraints).
 *
 * @throws InfeasibleError if none is found
 */
export function drawPoints(region: Region, n: number, random: Random): Point[] {
  const { space, held } = region;
  const d = space.variables.length;
  const found: Point[] = [];
  for (let round = 0; round < 20 && found.length < n; round++) {
    const stream = random.fork(round);
    const cube = d <= SOBOL_MAX_DIMENSIONS ? sobol(n, d, stream) : latinHypercube(n, d, stream);
    for (let i = 0; i < n && found.length < n; i++) {
      const point = Float64Array.from(
        space.variables,
        (variable, j) => held.get(j) ?? valueAt(variable, cube.data[i * d + j] as number), // i < n
      );
      if (isInRegion(region, point)) found.push(point);
    }
  }
  if (found.length === 0) {
    throw new InfeasibleError(
      "suggest: no point of the space meets all constraints and held settings; relax one of them",
    );
  }
  return found;
}
