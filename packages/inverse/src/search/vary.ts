import type { Random } from "@materiome/core";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isAllowedValue, nudge, snap, valueAt } from "../space/variable.ts";

const STEPS = [0.3, 0.1, 0.03];

/**
 * One offspring of the elites: mostly a mutation of one (a normal step of 30, 10 or 3 % of the range in a few variables;
 * amounts that add up are moved from one to another), sometimes a mixture of two, a step along the difference of two, or a
 * few values of a training row, which keeps it among combinations that occur.
 */
export function vary(space: SearchSpace, elites: readonly Point[], seeds: readonly Point[], random: Random): Point {
  const parent = elites[random.int(elites.length)] ?? new Float64Array(space.variables.length);
  const child = Float64Array.from(parent);
  const kind = random.next();
  if (kind < 0.2) mix(child, elites[random.int(elites.length)] ?? parent, 0.5, random);
  else if (kind < 0.35 && seeds.length > 0) mix(child, seeds[random.int(seeds.length)] ?? parent, 0.3, random);
  else if (kind < 0.5) follow(space, child, elites, random);
  else mutate(space, child, random);
  return child;
}

function mix(child: Float64Array, other: Point, share: number, random: Random): void {
  other.forEach((value, j) => {
    if (random.next() < share) child[j] = value;
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
    else child[j] = snap(variable, (child[j] ?? 0) + factor * (to - from));
  });
}

function mutate(space: SearchSpace, child: Float64Array, random: Random): void {
  const d = space.variables.length;
  const nChanged = 1 + random.int(Math.min(3, d));
  const step = STEPS[random.int(STEPS.length)] ?? 0.1;
  for (let c = 0; c < nChanged; c++) {
    const j = random.int(d);
    const variable = space.variables[j];
    if (variable === undefined) continue;
    const before = child[j] ?? Number.NaN;
    if (variable.kind === "category") child[j] = valueAt(variable, random.next());
    else child[j] = nudge(variable, before, step * random.normal());
    compensate(space, child, j, before, random);
  }
}

/** Gives what one amount gained to another of the same sum; if that breaks its bounds or leaves its grid, the change is undone. */
function compensate(space: SearchSpace, child: Float64Array, j: number, before: number, random: Random): void {
  const name = space.variables[j]?.name ?? "";
  const sum = space.sums.find((candidate) => candidate.columns.includes(name));
  if (sum === undefined) return;
  const partners = space.variables.flatMap((v, k) =>
    k !== j && v.kind !== "category" && sum.columns.includes(v.name) ? [k] : [],
  );
  const partner = partners[random.int(Math.max(1, partners.length))];
  const other = partner === undefined ? undefined : space.variables[partner];
  if (partner === undefined || other === undefined || other.kind === "category") {
    child[j] = before;
    return;
  }
  const value = Number(((child[partner] ?? 0) - ((child[j] ?? 0) - before)).toPrecision(12));
  if (isAllowedValue(other, value)) child[partner] = value;
  else child[j] = before;
}
