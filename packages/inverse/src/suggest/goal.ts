import { DomainError } from "@materiome/core";
import { expression } from "@materiome/core/features";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { type Point, tableOfPoints } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";

/** What the search maximises over points: the acquisition, on its features, and the logarithm of what an experiment costs. */
export interface Goal {
  readonly acquisition: Acquisition;
  /** Subtracted from the acquisition, which is a logarithm then. */
  readonly logCost?: ((points: readonly Point[]) => Float64Array) | undefined;
}

/**
 * The logarithm of the cost of points.
 *
 * @param cost - an expression of the inputs of the space, or a function of the point
 * @throws DomainError where a cost is not above 0; DataError, FormatError, UnitError for an expression that makes no sense
 */
export function logCostOf(
  space: SearchSpace,
  cost: string | ((point: Point) => number),
): (points: readonly Point[]) => Float64Array {
  const compiled = typeof cost === "string" ? expression(cost, tableOfPoints(space, [])) : undefined;
  return (points) => {
    const values =
      compiled === undefined
        ? Float64Array.from(points, cost as (point: Point) => number)
        : compiled.evaluate(tableOfPoints(space, points));
    return values.map((value, i) => {
      if (value > 0 && value < Number.POSITIVE_INFINITY) return Math.log(value);
      throw new DomainError(
        `suggest: the cost of [${points[i]?.join(", ")}] is ${value}; costs must be finite and above 0`,
      );
    });
  };
}
