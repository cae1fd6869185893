import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { settingOf, type Variable } from "./variable.ts";

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

/** Removes the values of variables that are inactive now, and gives one to those that have become active. */
export function settleActivity(
  space: SearchSpace,
  point: Point,
  valueFor: (variable: Variable, j: number) => number,
): void {
  if (space.variables.every(({ when }) => when === undefined)) return;
  // What hangs on a variable that was just settled is settled in the next round; chains are at most as long as the space.
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [j, variable] of space.variables.entries()) {
      const isSet = !Number.isNaN(point[j] ?? Number.NaN);
      const shouldBe = isActive(space, point, j);
      if (isSet === shouldBe) continue;
      point[j] = shouldBe ? valueFor(variable, j) : Number.NaN;
      isChanged = true;
    }
  }
}
