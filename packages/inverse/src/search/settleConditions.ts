import { isActive } from "../space/activity.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { valueAt } from "../space/variable.ts";

/**
 * The point with its conditions kept: inactive variables without a value, active ones that lack it at place `fill()` of their range.
 * Parents come before what hangs on them, however they are listed.
 */
export function settleConditions(space: SearchSpace, point: Point, fill: () => number): Point {
  if (space.variables.every(({ when }) => when === undefined)) return point;
  const settled = Float64Array.from(point);
  // Each pass settles one more generation.
  for (let pass = 0; pass < space.variables.length; pass++) {
    let isChanged = false;
    space.variables.forEach((variable, j) => {
      const isMissing = Number.isNaN(settled[j] ?? Number.NaN);
      if (isActive(space, settled, j) === !isMissing) return;
      settled[j] = isMissing ? valueAt(variable, fill()) : Number.NaN;
      isChanged = true;
    });
    if (!isChanged) break;
  }
  return settled;
}
