import type { Random } from "@materiome/core";
import { isActive } from "../space/activity.ts";
import type { Point } from "../space/points.ts";
import { nudge, valueAt } from "../space/variable.ts";
import type { Region } from "./region.ts";

/** Removes the values of variables that a condition has switched off, and gives the middle one to those it has switched on. */
export function settle({ space }: Region, point: Point): void {
  if (space.variables.every(({ when }) => when === undefined)) return;
  // What hangs on a variable that was just settled is settled in the next round.
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [j, variable] of space.variables.entries()) {
      const isOn = isActive(space, point, j);
      if (isOn === !Number.isNaN(point[j] as number)) continue; // j < variables
      point[j] = isOn ? valueAt(variable, 0.5) : Number.NaN;
      isChanged = true;
    }
  }
}

/** Changes about `count` variables of a point in place, numbers by normal steps of `step` of their range; sums are kept. */
export function disturb(region: Region, point: Point, count: number, step: number, random: Random): void {
  const { space, held } = region;
  const d = space.variables.length;
  for (let c = 0; c < count; c++) {
    const j = random.int(d);
    const variable = space.variables[j];
    const before = point[j] as number; // j < variables
    if (variable === undefined || held.has(j) || Number.isNaN(before)) continue;
    if (variable.kind === "category") {
      point[j] = valueAt(variable, random.next());
      continue;
    }
    point[j] = nudge(variable, before, step * random.normal());
    const sum = space.sums.find(({ columns }) => columns.includes(variable.name));
    if (sum === undefined) continue;
    const partners = [...space.variables.keys()].filter(
      (k) => k !== j && !held.has(k) && sum.columns.includes(space.variables[k]?.name ?? ""),
    );
    const k = partners[random.int(Math.max(1, partners.length))];
    if (k !== undefined) point[k] = Number(((point[k] as number) - ((point[j] as number) - before)).toPrecision(12));
    else point[j] = before;
  }
  settle(region, point);
}
