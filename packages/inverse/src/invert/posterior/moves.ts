import type { Random } from "@materiome/core";
import { mixturesOf } from "../../space/mixtures.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { gridOf, isLog, type Variable } from "../../space/variable.ts";
import { reflect } from "./latent.ts";

/** Lengths of steps along one variable, as shares of its range. */
const STEPS = [0.6, 0.3, 0.1, 0.03];

/** What a proposal is made from: what a space allows to be moved, worked out once. */
export interface MoveKinds {
  readonly numbers: readonly number[];
  readonly categories: readonly number[];
  /** Variables of each sum, where there are at least two to trade. */
  readonly sums: readonly (readonly number[])[];
  readonly isSummed: Uint8Array;
}

export function moveKinds(space: SearchSpace): MoveKinds {
  const { variables } = space;
  const sums = mixturesOf(space).map((mixture) =>
    // Amounts on a log scale are not traded: equal steps of a place are no equal amounts there. Those that may be inactive neither.
    mixture.variables.filter((j) => {
      const variable = variables[j];
      return variable !== undefined && isAmount(variable) && variable.when === undefined;
    }),
  );
  const isSummed = new Uint8Array(variables.length);
  for (const j of sums.flat()) isSummed[j] = 1;
  return {
    numbers: variables.flatMap((variable, j) => (isNumber(variable) ? [j] : [])),
    categories: variables.flatMap((variable, j) => (isNumber(variable) ? [] : [j])),
    sums: sums.filter((members) => members.length >= 2),
    isSummed,
  };
}

/**
 * A place near another, by a step whose reverse is equally probable, so that Metropolis's rule needs no correction:
 *
 * - along the difference of two places of the archive in a random subset of the numbers, times 2.38 / √(2 d') and sometimes 1,
 *   which leads from one region to another (differential evolution; ter Braak & Vrugt, Stat. Comput. 18, 435 (2008),
 *   doi:10.1007/s11222-008-9104-9);
 * - a normal step of 60, 30, 10 or 3 % of the range along one number; one coordinate drawn anew, which is how categories change;
 * - amounts that add up: what one gains another gives, or two trade places.
 *
 * @param archive - places that do not depend on the current ones any more
 */
export function propose(
  space: SearchSpace,
  kinds: MoveKinds,
  place: Float64Array,
  archive: readonly Float64Array[],
  random: Random,
): Float64Array {
  const { numbers, categories, sums } = kinds;
  const next = Float64Array.from(place);
  const kind = random.next();
  if (sums.length > 0 && kind < 0.35) trade(space, pick(sums, random) ?? [], next, kind < 0.05, random);
  else if (kind < 0.75 && numbers.length > 0) alongDifference(kinds, next, archive, random);
  else if (kind < 0.85 && numbers.length > 0) {
    const j = pick(numbers, random) ?? 0;
    next[j] = reflect((next[j] ?? 0) + (pick(STEPS, random) ?? 0.1) * random.normal());
  } else {
    const j = kind < 0.95 && categories.length > 0 ? (pick(categories, random) ?? 0) : random.int(place.length);
    next[j] = random.next();
  }
  return next;
}

function alongDifference(
  { numbers, isSummed }: MoveKinds,
  next: Float64Array,
  archive: readonly Float64Array[],
  random: Random,
): void {
  const a = pick(archive, random);
  const b = pick(archive, random);
  const isWhole = random.next() < 0.15;
  const share = (1 + random.int(3)) / 3;
  // Differences of whole mixtures keep their sum, parts of them do not.
  const moved = numbers.filter((j) => isWhole || (isSummed[j] === 0 && random.next() < share));
  const factor = isWhole ? 1 : 2.38 / Math.sqrt(2 * Math.max(1, moved.length));
  for (const j of moved) {
    const step = factor * ((a?.[j] ?? 0) - (b?.[j] ?? 0)) + (isWhole ? 0 : 1e-3 * random.normal());
    next[j] = reflect((next[j] ?? 0) + step);
  }
}

/** What one amount gains another gives, in whole steps of the coarser grid; or two amounts trade places. */
function trade(
  space: SearchSpace,
  members: readonly number[],
  next: Float64Array,
  isSwap: boolean,
  random: Random,
): void {
  const first = random.int(members.length);
  const second = (first + 1 + random.int(members.length - 1)) % members.length;
  const [i, j] = [members[first] ?? 0, members[second] ?? 0];
  const [a, b] = [space.variables[i], space.variables[j]];
  if (a === undefined || b === undefined || !isAmount(a) || !isAmount(b)) return;
  const [widthA, widthB] = [cubeWidth(a), cubeWidth(b)];
  const grid = Math.max(gridOf(a)?.step ?? 0, gridOf(b)?.step ?? 0);
  let gain: number;
  if (isSwap) gain = b.min + (next[j] ?? 0) * widthB - (a.min + (next[i] ?? 0) * widthA);
  else gain = (pick(STEPS, random) ?? 0.1) * Math.min(widthA, widthB) * random.normal();
  if (grid > 0) gain = grid * (Math.round(gain / grid) || (isSwap ? 0 : random.next() < 0.5 ? -1 : 1));
  const [u, v] = [(next[i] ?? 0) + gain / widthA, (next[j] ?? 0) - gain / widthB];
  // A step out of bounds is no step: reflecting one side alone would break the sum.
  if (u < 0 || u >= 1 || v < 0 || v >= 1) return;
  next[i] = u;
  next[j] = v;
}

type AmountVariable = Extract<Variable, { readonly kind: "continuous" | "integer" }>;

/** Neighbouring places are neighbouring values. */
function isNumber(variable: Variable): boolean {
  return variable.kind !== "category";
}

/** Equal steps of a place are equal amounts. */
function isAmount(variable: Variable): variable is AmountVariable {
  return (variable.kind === "continuous" || variable.kind === "integer") && !isLog(variable);
}

/** What the unit interval stands for in the variable's unit: on a grid one cell more than the range. */
function cubeWidth(variable: AmountVariable): number {
  const grid = gridOf(variable);
  return grid === undefined ? variable.max - variable.min : grid.step * grid.count;
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : list[random.int(list.length)];
}
