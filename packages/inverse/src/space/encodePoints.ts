import type { Feature, FeatureMatrix } from "@materiome/core";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { positionOf, type Variable } from "./variable.ts";

/**
 * Points as features for a surrogate: a number at its position between its bounds, 0 … 1 on the variable's scale (log where that
 * is log); a category of two levels as 0 or 1, of more as one column for each level. Fixed inputs are left out. Points outside
 * the bounds (older experiments) lie outside 0 … 1. `source` of a feature is its variable.
 *
 * @returns [n, d] features without unit
 * @example
 * const x = encodePoints(space, sampleSpace(space, 100, random));
 */
export function encodePoints(space: SearchSpace, points: readonly Point[]): FeatureMatrix {
  const features = space.variables.flatMap(featuresOf);
  const columns = features.length;
  const data = new Float64Array(points.length * columns);
  points.forEach((point, i) => {
    let at = i * columns;
    space.variables.forEach((variable, j) => {
      const value = point[j] ?? Number.NaN;
      if (variable.kind !== "category") data[at++] = positionOf(variable, value);
      else if (variable.levels.length <= 2) data[at++] = value;
      else for (let level = 0; level < variable.levels.length; level++) data[at++] = Number(level === value);
    });
  });
  return { data, rows: points.length, columns, features };
}

function featuresOf(variable: Variable): readonly Feature[] {
  const source = [variable.name];
  if (variable.kind !== "category") return [{ name: variable.name, unit: "", source }];
  const named = variable.levels.length <= 2 ? variable.levels.slice(-1) : variable.levels;
  return named.map((level) => ({ name: `${variable.name} = ${level}`, unit: "", source }));
}
