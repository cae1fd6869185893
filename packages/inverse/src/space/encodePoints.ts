import type { Feature, FeatureMatrix } from "@materiome/core";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { positionOf, type Variable } from "./variable.ts";

/**
 * Points as features for a surrogate: a number at its position between its bounds, 0 … 1 on the variable's scale (log where that
 * is log), an ordinal the same way by its values; a category of two levels as 0 or 1, of more as one column for each level, and
 * with descriptors as these, each scaled to 0 … 1 over the levels. Fixed inputs are left out. Points outside the bounds (older
 * experiments) lie outside 0 … 1. `source` of a feature is its variable.
 *
 * An inactive variable stands at 0.5 (one column for each level: all 0). Points that do not have it then do not differ by it, and
 * are told from those that have it by the features of the variable on which it hangs.
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
      const isMissing = Number.isNaN(value);
      if (variable.kind !== "category") data[at++] = isMissing ? 0.5 : positionOf(variable, value);
      else if (variable.descriptors !== undefined) {
        for (const values of Object.values(variable.descriptors)) data[at++] = isMissing ? 0.5 : shareOf(values, value);
      } else if (variable.levels.length <= 2) data[at++] = isMissing ? 0.5 : value;
      else for (let level = 0; level < variable.levels.length; level++) data[at++] = Number(level === value);
    });
  });
  return { data, rows: points.length, columns, features };
}

function featuresOf(variable: Variable): readonly Feature[] {
  const source = [variable.name];
  if (variable.kind !== "category") return [{ name: variable.name, unit: "", source }];
  if (variable.descriptors !== undefined) {
    return Object.keys(variable.descriptors).map((key) => ({ name: `${variable.name}: ${key}`, unit: "", source }));
  }
  const named = variable.levels.length <= 2 ? variable.levels.slice(-1) : variable.levels;
  return named.map((level) => ({ name: `${variable.name} = ${level}`, unit: "", source }));
}

/** Where the descriptor of a level lies between the smallest and the largest. */
function shareOf(values: readonly number[], level: number): number {
  const least = Math.min(...values);
  return ((values[level] ?? Number.NaN) - least) / (Math.max(...values) - least || 1);
}
