import { InfeasibleError, type Random } from "@materiome/core";
import { latinHypercube } from "@materiome/core/numerics";
import { vary } from "../search/vary.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { valueAt } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";

/** Different points that the space allows: the seeds and a Latin hypercube, or moves from either where a sum leaves few of it. */
export function startPopulation(
  space: SearchSpace,
  seeds: readonly Point[],
  n: number,
  random: Random,
): readonly Point[] {
  const found = new Map<string, Point>();
  const add = (point: Point): void => {
    if (found.size < n && isAllowedPoint(space, point)) found.set(point.join("|"), point);
  };
  seeds.forEach(add);
  const d = space.variables.length;
  for (let round = 0; round < 20 && found.size < n; round++) {
    const cube = latinHypercube(n, d, random.fork(round));
    for (let i = 0; i < n; i++) {
      add(Float64Array.from(space.variables, (variable, j) => valueAt(variable, cube.data[i * d + j] as number))); // n × d
    }
  }
  for (let attempt = 0; attempt < 100 * n && found.size > 0 && found.size < n; attempt++) {
    add(vary(space, [...found.values()], seeds, random));
  }
  if (found.size === 0) {
    throw new InfeasibleError(
      "evolveFront: no allowed point was found to start from; give one by `seeds`, or loosen the constraints of the space",
    );
  }
  return [...found.values()];
}
