import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import {
  type ContinuousVariable,
  gridOf,
  isLog,
  isNumeric,
  type NumericVariable,
  rangeOf,
  type Variable,
} from "./variable.ts";
import { isAllowedPoint } from "./violations.ts";

/** Share of a range, and of a total, by which a setting as run may miss what the space allows. */
const MISSED = 0.02;

const widened = new WeakMap<SearchSpace, SearchSpace>();

/**
 * True if an experiment was run where one could be asked for, as near as a furnace or a balance comes to it: numbers need not be on their
 * grids and may miss a bound by 2 % of the range (on a log scale: of its logarithm) or half a step, amounts their sum by 2 % of the total. Categories,
 * conditions and constraints hold as they are. What lies elsewhere teaches, but nobody can go back to it: it is no best so far.
 *
 * @throws ShapeError unless the point has one value for each variable
 * @example
 * liesWithin(space, Float64Array.of(901.2)); // true where the one setting goes from 800 to 900
 */
export function liesWithin(space: SearchSpace, point: Point): boolean {
  const found = widened.get(space) ?? widen(space);
  widened.set(space, found);
  return isAllowedPoint(found, point);
}

function widen(space: SearchSpace): SearchSpace {
  return {
    ...space,
    variables: space.variables.map((variable) => (isNumeric(variable) ? between(variable) : variable)),
    sums: space.sums.map((sum) => ({ ...sum, tolerance: Math.max(sum.tolerance, MISSED * Math.abs(sum.total)) })),
  };
}

/** Any number from somewhat below the bounds to somewhat above. */
function between(variable: NumericVariable): Variable {
  const { name, role, unit, when } = variable;
  const { min, max } = rangeOf(variable);
  const common = { kind: "continuous", name, role, unit, when } satisfies Partial<ContinuousVariable>;
  if (isLog(variable)) {
    const by = (max / min) ** MISSED;
    const half = (variable.step ?? 0) / 2;
    return { ...common, scale: "log", min: Math.min(min / by, min - half), max: Math.max(max * by, max + half) };
  }
  const by = Math.max(MISSED * (max - min), (gridOf(variable)?.step ?? 0) / 2);
  return { ...common, scale: "linear", min: min - by, max: max + by };
}
