import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isNumeric, type Variable } from "../space/variable.ts";
import type { Values } from "./entry.ts";

/** A point where every variable has a value it can take as a coordinate, or the first variable that has none. */
export type FoundPoint = { readonly point: Point } | { readonly missing: string; readonly why: string };

/**
 * Settings by name as a point, inside the bounds or not: older experiments teach wherever they lie. A variable that need not exist
 * everywhere (`when`) is inactive where it is not named.
 *
 * @param given - values of variables that the settings do not name
 */
export function pointOfSettings(space: SearchSpace, settings: Values, given: Values = {}): FoundPoint {
  const point = new Float64Array(space.variables.length);
  for (const [j, variable] of space.variables.entries()) {
    const value = settings[variable.name] ?? given[variable.name];
    if (value === undefined && variable.when === undefined) {
      return { missing: variable.name, why: `has no value of "${variable.name}"` };
    }
    const number = value === undefined ? Number.NaN : coordinateOf(variable, value);
    if (number === undefined) {
      const levels = levelsOf(variable);
      const known = levels === undefined ? "" : `; known are ${levels.join(", ")}`;
      return { missing: variable.name, why: `has "${value}" for "${variable.name}"${known}` };
    }
    point[j] = number;
  }
  return { point };
}

/** Texts that a variable takes; undefined where it takes numbers. */
export function levelsOf(variable: Variable): readonly string[] | undefined {
  if (variable.kind === "category") return variable.levels;
  return variable.kind === "ordinal" ? variable.labels : undefined;
}

function coordinateOf(variable: Variable, value: number | string): number | undefined {
  if (isNumeric(variable)) return Number.isFinite(Number(value)) ? Number(value) : undefined;
  const level = (levelsOf(variable) ?? []).indexOf(String(value));
  if (level < 0) return undefined;
  return variable.kind === "ordinal" ? variable.values[level] : level;
}
