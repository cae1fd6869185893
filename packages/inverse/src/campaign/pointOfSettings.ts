import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Values } from "./entry.ts";

/** A point where every variable has a value it can take as a coordinate, or the first variable that has none. */
export type FoundPoint = { readonly point: Point } | { readonly missing: string; readonly why: string };

/**
 * Settings by name as a point, inside the bounds or not: older experiments teach wherever they lie.
 *
 * @param assumed - values of variables that the settings do not name
 */
export function pointOfSettings(space: SearchSpace, settings: Values, assumed: Values = {}): FoundPoint {
  const point = new Float64Array(space.variables.length);
  for (const [j, variable] of space.variables.entries()) {
    const value = settings[variable.name] ?? assumed[variable.name];
    if (value === undefined) return { missing: variable.name, why: `has no value of "${variable.name}"` };
    const number = variable.kind === "category" ? variable.levels.indexOf(String(value)) : Number(value);
    if (variable.kind === "category" ? number < 0 : !Number.isFinite(number)) {
      const known = variable.kind === "category" ? `; known are ${variable.levels.join(", ")}` : "";
      return { missing: variable.name, why: `has "${value}" for "${variable.name}"${known}` };
    }
    point[j] = number;
  }
  return { point };
}
