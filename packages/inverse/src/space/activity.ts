import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { settingOf } from "./variable.ts";

/** True if the conditions of variable `j` and of the variables that it hangs on hold at the point. */
export function isActive(space: SearchSpace, point: Point, j: number): boolean {
  const when = space.variables[j]?.when;
  if (when === undefined) return true;
  const k = space.variables.findIndex(({ name }) => name === when.name);
  const parent = space.variables[k];
  const value = point[k];
  if (parent === undefined || value === undefined || Number.isNaN(value)) return false;
  return isActive(space, point, k) && when.in.includes(settingOf(parent, value));
}
