import { DomainError, type Random } from "@materiome/core";
import { settleActivity } from "./activity.ts";
import { compileSpace } from "./compiledSpace.ts";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { isAllowedValue, nudge, valueAt } from "./variable.ts";
import { isAllowedPoint } from "./violations.ts";

const MOST_TRIES = 40;

export interface NeighbourOfOptions {
  /** Standard deviation of the step of a number, as a share of its range; falls by half with every ten tries. @defaultValue 0.1 */
  readonly scale?: number | undefined;
}

/**
 * A random allowed point near an allowed one: one to three variables changed, amounts of a sum moved from one to another, an amount that
 * is present exchanged with one that is not, inactive variables dropped and newly active ones drawn.
 *
 * @returns undefined if 40 tries gave no allowed point
 * @throws DomainError unless the scale is above 0
 * @example
 * const next = neighbourOf(space, best, random, { scale: 0.05 }) ?? best;
 */
export function neighbourOf(
  space: SearchSpace,
  point: Point,
  random: Random,
  options: NeighbourOfOptions = {},
): Point | undefined {
  const { scale = 0.1 } = options;
  if (!(scale > 0)) throw new DomainError(`neighbourOf: scale must be above 0, got ${scale}`);
  for (let t = 0; t < MOST_TRIES; t++) {
    const moved = Float64Array.from(point);
    mutate(space, moved, scale * 2 ** -Math.floor(t / 10), random);
    const isSame = moved.every(
      (value, j) => value === point[j] || (Number.isNaN(value) && Number.isNaN(point[j] ?? 0)),
    );
    if (!isSame && isAllowedPoint(space, moved)) return moved;
  }
  return undefined;
}

/** Changes one to three variables in place, numbers by normal steps of `step` of their range; sums and conditions are kept, other constraints not. */
export function mutate(space: SearchSpace, child: Float64Array, step: number, random: Random): void {
  const { presences } = compileSpace(space);
  const d = space.variables.length;
  const nChanged = 1 + random.int(Math.min(3, d));
  for (let c = 0; c < nChanged; c++) {
    const presence = presences.length > 0 && random.next() < 0.3 ? presences[random.int(presences.length)] : undefined;
    if (presence !== undefined) {
      exchange(presence.variables, child, random);
      continue;
    }
    const j = random.int(d);
    const variable = space.variables[j];
    const before = child[j] ?? Number.NaN;
    if (variable === undefined || Number.isNaN(before)) continue;
    if (variable.kind === "category") child[j] = valueAt(variable, random.next());
    else child[j] = nudge(variable, before, step * random.normal());
    compensate(space, child, j, before, random);
  }
  settleActivity(space, child, (variable) => valueAt(variable, random.next()));
}

/** Gives the amount of one that is present to one that is not. */
function exchange(members: readonly number[], child: Float64Array, random: Random): void {
  const present = members.filter((j) => (child[j] ?? 0) > 0);
  const absent = members.filter((j) => child[j] === 0);
  const from = present[random.int(Math.max(1, present.length))];
  const to = absent[random.int(Math.max(1, absent.length))];
  if (from === undefined || to === undefined) return;
  child[to] = child[from] ?? 0;
  child[from] = 0;
}

/** Gives what one amount gained to another of the same sum; if that breaks its bounds or leaves its grid, the change is undone. */
function compensate(space: SearchSpace, child: Float64Array, j: number, before: number, random: Random): void {
  const name = space.variables[j]?.name ?? "";
  const sum = space.sums.find((candidate) => candidate.columns.includes(name));
  if (sum === undefined) return;
  const partners = space.variables.flatMap((v, k) =>
    k !== j && v.kind !== "category" && sum.columns.includes(v.name) && !Number.isNaN(child[k] ?? Number.NaN)
      ? [k]
      : [],
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
