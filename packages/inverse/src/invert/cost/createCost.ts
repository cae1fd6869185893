import { DataError } from "@materiome/core";
import { expression } from "@materiome/core/features";
import { type Point, tableOfPoints } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";

/** What a setting costs, in the unit that follows from the expression. */
export interface SettingCost {
  readonly value: number;
  readonly unit: string;
  /** The expression it was computed by. */
  readonly text: string;
}

/** Costs of points. */
export interface CostFunction {
  readonly text: string;
  readonly unit: string;
  costsOf(points: readonly Point[]): Float64Array;
}

/**
 * Cost as an expression over the inputs of the model, knobs and fixed ones, units checked (`expression` of `@materiome/core/features`):
 * `0.3 * number(time, "h") + 0.02 * number(temperature, "degC")`.
 *
 * @throws DataError for an unknown column or a condition; FormatError or UnitError for an expression that makes no sense
 */
export function createCost(space: SearchSpace, text: string): CostFunction {
  const cost = expression(text, tableOfPoints(space, []));
  if (cost.kind === "condition") {
    throw new DataError(`invert: the cost "${text}" is a condition; write what it costs as a number`);
  }
  return {
    text,
    unit: cost.unit,
    costsOf: (points) => {
      const costs = cost.evaluate(tableOfPoints(space, points));
      const missing = costs.findIndex((value) => Number.isNaN(value));
      if (missing >= 0) {
        throw new DataError(`invert: the cost "${text}" has no value at a setting where one of its columns is missing`);
      }
      return costs;
    },
  };
}
