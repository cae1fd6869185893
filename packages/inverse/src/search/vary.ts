import type { Random } from "@materiome/core";
import { settleActivity } from "../space/activity.ts";
import { mutate } from "../space/neighbourOf.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { snap, valueAt } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";

const STEPS = [0.3, 0.1, 0.03];

/** Offspring are drawn anew until one is allowed, at most so often. */
const MOST_TRIES = 20;

/**
 * One offspring of the elites, allowed by the space where some of twenty are: mostly a mutation of one (a normal step of 30, 10 or 3 % of the range in a few variables;
 * amounts that add up are moved from one to another), sometimes a mixture of two, a step along the difference of two, or a
 * few values of a training row, which keeps it among combinations that occur.
 */
export function vary(space: SearchSpace, elites: readonly Point[], seeds: readonly Point[], random: Random): Point {
  for (let t = 1; ; t++) {
    const child = offspring(space, elites, seeds, random);
    if (t === MOST_TRIES || isAllowedPoint(space, child)) return child;
  }
}

function offspring(space: SearchSpace, elites: readonly Point[], seeds: readonly Point[], random: Random): Point {
  const parent = elites[random.int(elites.length)] ?? new Float64Array(space.variables.length);
  const child = Float64Array.from(parent);
  const kind = random.next();
  if (kind < 0.2) mix(space, child, elites[random.int(elites.length)] ?? parent, 0.5, random);
  else if (kind < 0.35 && seeds.length > 0) mix(space, child, seeds[random.int(seeds.length)] ?? parent, 0.3, random);
  else if (kind < 0.5) follow(space, child, elites, random);
  else mutate(space, child, STEPS[random.int(STEPS.length)] ?? 0.1, random);
  settleActivity(space, child, (variable) => valueAt(variable, random.next()));
  return child;
}

/** Takes some values of another point; amounts that add up all together or not at all. */
function mix(space: SearchSpace, child: Float64Array, other: Point, share: number, random: Random): void {
  const isTaken = space.sums.map(() => random.next() < share);
  space.variables.forEach(({ name }, j) => {
    const s = space.sums.findIndex(({ columns }) => columns.includes(name));
    if (s < 0 ? random.next() < share : isTaken[s]) child[j] = other[j] ?? Number.NaN;
  });
}

/** Differential evolution's step, parent + F · (a − b): follows ridges and bands in which good points lie. */
function follow(space: SearchSpace, child: Float64Array, elites: readonly Point[], random: Random): void {
  const a = elites[random.int(elites.length)];
  const b = elites[random.int(elites.length)];
  const factor = 0.4 + random.next();
  space.variables.forEach((variable, j) => {
    const [from, to] = [b?.[j] ?? 0, a?.[j] ?? 0];
    if (variable.kind === "category") child[j] = random.next() < 0.5 ? to : (child[j] ?? 0);
    else {
      const moved = (child[j] ?? 0) + factor * (to - from);
      if (!Number.isNaN(moved)) child[j] = snap(variable, moved); // NaN: one of them is inactive
    }
  });
}
