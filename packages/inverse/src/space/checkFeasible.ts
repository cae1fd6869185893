import { InfeasibleError } from "@materiome/core";
import { isActive } from "./activity.ts";
import { compileSpace } from "./compiledSpace.ts";
import { createLatticeSum } from "./latticeSum.ts";
import { type LinearProgram, solveLinearProgram } from "./linearProgram.ts";
import type { LinearRow } from "./linearRows.ts";
import { withUnit } from "./numberText.ts";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { gridOf, isNumeric, levelCount, rangeOf, valueOfLevel } from "./variable.ts";
import { forbiddenText, isForbidden } from "./violations.ts";

/** Most choices of categories and parents that are gone through. */
const MOST_CHOICES = 10_000;

/** How many ranges a variable may go beyond a bound that is left out. */
const BEYOND = 100;
/** Least room of a strict order, as a share of the ranges. */
const STRICT = 1e-6;

/**
 * Throws if no point can meet bounds, sums, constraints and forbidden combinations of categories together, and names an
 * irreducible set of them: without any one of its members the others could be met. Expressions and combinations with
 * intervals that hold a part of a range only are left to {@link sampleSpace}, which says what it broke; "at most k" is judged with fractions of
 * presence, so that passing does not prove that a point exists.
 *
 * Deletion filter over linear programs: J. W. Chinneck & E. W. Dravnieks, ORSA J. Comput. 3, 157 (1991),
 * doi:10.1287/ijoc.3.2.157.
 *
 * @throws InfeasibleError naming the conflict
 * @example
 * checkFeasible(space); // InfeasibleError: … cannot hold together: Cr + Ni <= 30 wt%; Cr >= 20 wt%; Ni >= 15 wt%
 */
export function checkFeasible(space: SearchSpace): void {
  const conflict = findConflict(space);
  if (conflict === undefined) return;
  throw new InfeasibleError(
    conflict.length === 1
      ? `search space: nothing meets ${conflict[0]}; loosen it`
      : `search space: these cannot hold together: ${conflict.join("; ")}; loosen one of them`,
  );
}

/** An irreducible set of bounds and constraints that exclude each other, as texts; undefined if none is found. */
export function findConflict(space: SearchSpace): readonly string[] | undefined {
  const program = createFeasibilityTest(space);
  let kept = program.items;
  if (program.isFeasible(kept)) return gridConflict(space);
  // Whatever can go while the rest stays infeasible goes; bounds first, so that constraints, which were written on purpose, are named.
  for (const item of program.items) {
    const without = kept.filter((other) => other !== item);
    if (!program.isFeasible(without)) kept = without;
  }
  return [...new Set(kept.map(({ text }) => text))];
}

/** Something that can be left out: a bound, a row, a presence or a forbidden combination. */
interface Item {
  readonly text: string;
  readonly kind: "lower" | "upper" | "row" | "presence" | "forbidden";
  /** Of the variable, row, presence or combination. */
  readonly index: number;
}

interface FeasibilityTest {
  readonly items: readonly Item[];
  isFeasible(items: readonly Item[]): boolean;
}

function createFeasibilityTest(space: SearchSpace): FeasibilityTest {
  const { rows, presences, forbidden } = compileSpace(space);
  const numeric = space.variables.flatMap((v, j) => (isNumeric(v) ? [j] : []));
  const bounds = numeric.flatMap((j): Item[] => {
    const variable = space.variables[j];
    if (variable === undefined || !isNumeric(variable)) return [];
    const { min, max } = rangeOf(variable);
    return [
      { kind: "lower", index: j, text: `${variable.name} >= ${withUnit(min, variable.unit)}` },
      { kind: "upper", index: j, text: `${variable.name} <= ${withUnit(max, variable.unit)}` },
    ];
  });
  const choices = choicesOf(space);
  return {
    items: [
      ...bounds,
      ...rows.map((row, index): Item => ({ kind: "row", index, text: `${row.text}${fixedText(space, row)}` })),
      ...presences.map(({ constraint: { label, names, min, max, least } }, index): Item => {
        const limits = [
          min && `at least ${min}`,
          max !== undefined && `at most ${max}`,
          least && `each 0 or from ${least}`,
        ];
        const text = `${limits.filter((limit) => limit).join(", ")} of ${names.join(", ")}`;
        return { kind: "presence", index, text: label === undefined ? text : `${label} (${text})` };
      }),
      ...forbidden.map((c, index): Item => ({ kind: "forbidden", index, text: `never ${forbiddenText(c)}` })),
    ],
    isFeasible(items) {
      const known = new Map<string, boolean>();
      return choices.some((point) => {
        if (items.some(({ kind, index }) => kind === "forbidden" && isExcluded(space, index, point, items)))
          return false;
        const key = `${numeric.filter((j) => isActive(space, point, j)).join()}|${numeric.map((j) => point[j]).join()}`;
        const found = known.get(key) ?? hasPoint(space, items, point);
        known.set(key, found);
        return found;
      });
    },
  };
}

/** True if the combination forbids the choices of the point, whatever numbers there are: intervals count where they hold all of a range. */
function isExcluded(space: SearchSpace, index: number, point: Point, items: readonly Item[]): boolean {
  const combination = compileSpace(space).forbidden[index];
  if (combination === undefined) return false;
  const filled = point.slice();
  for (const { name, min, max } of combination.when) {
    const j = space.variables.findIndex((variable) => variable.name === name);
    const variable = space.variables[j];
    if (variable === undefined || !isNumeric(variable) || !isActive(space, point, j)) continue;
    if (!Number.isNaN(point[j] ?? Number.NaN) || (min === undefined && max === undefined)) continue;
    const range = rangeOf(variable);
    const isBound = (kind: Item["kind"]): boolean => items.some((item) => item.kind === kind && item.index === j);
    const isCovered =
      (min === undefined || (isBound("lower") && range.min >= min)) &&
      (max === undefined || (isBound("upper") && range.max <= max));
    if (isCovered) filled[j] = range.min;
  }
  return isForbidden(space, combination, filled);
}

/** Fixed inputs that play a part in a row, for its text. */
function fixedText(space: SearchSpace, row: LinearRow): string {
  const given = space.fixed.filter(({ name, value }) => typeof value === "number" && row.names.includes(name));
  if (given.length === 0) return "";
  return ` (with ${given.map(({ name, value, unit }) => `${name} fixed at ${withUnit(Number(value), unit)}`).join(", ")})`;
}

/**
 * Points where parents of conditions and the categories of forbidden combinations take every combination of values, the rest NaN; only
 * one, with the first values, where there are too many to go through.
 */
function choicesOf(space: SearchSpace): readonly Point[] {
  const { forbidden } = compileSpace(space);
  const named = new Set([
    ...space.variables.flatMap(({ when }) => (when === undefined ? [] : [when.name])),
    ...forbidden.flatMap(({ when }) => when.map(({ name }) => name)),
  ]);
  const deciding = space.variables.flatMap((v, j) => (named.has(v.name) && levelCount(v) <= MOST_CHOICES ? [j] : []));
  const categories = deciding.filter((j) => {
    const variable = space.variables[j];
    return (
      variable !== undefined && (variable.kind === "category" || variable.kind === "ordinal" || isParent(space, j))
    );
  });
  let points: Point[] = [new Float64Array(space.variables.length).fill(Number.NaN)];
  for (const j of categories) {
    const variable = space.variables[j];
    if (variable === undefined) continue;
    const next = points.flatMap((point) =>
      Array.from({ length: levelCount(variable) }, (_, k) => {
        const changed = point.slice();
        changed[j] = valueOfLevel(variable, k);
        return changed;
      }),
    );
    if (next.length > MOST_CHOICES) break;
    points = next;
  }
  for (const point of points) {
    for (const j of categories) if (!isActive(space, point, j)) point[j] = Number.NaN;
  }
  return points;
}

function isParent(space: SearchSpace, j: number): boolean {
  return space.variables.some(({ when }) => when?.name === space.variables[j]?.name);
}

/** True if the linear program of these items, with the choices of the point put in, has a solution. */
function hasPoint(space: SearchSpace, items: readonly Item[], choice: Point): boolean {
  const { rows, presences } = compileSpace(space);
  const active = space.variables.flatMap((v, j) => (isNumeric(v) && isActive(space, choice, j) ? [j] : []));
  const place = new Map(active.map((j, i) => [j, i]));
  const kept = (kind: Item["kind"], index: number): boolean =>
    items.some((item) => item.kind === kind && item.index === index);
  // Variables are scaled to their ranges; without a bound they may go a hundred ranges beyond it.
  const ranges = active.map((j) => {
    const variable = space.variables[j];
    const { min, max } = variable !== undefined && isNumeric(variable) ? rangeOf(variable) : { min: 0, max: 1 };
    const value = choice[j] ?? Number.NaN;
    return Number.isNaN(value)
      ? { min, size: max - min, given: undefined }
      : { min, size: max - min, given: (value - min) / (max - min) };
  });
  const nMembers = presences.reduce((sum, { variables }) => sum + variables.length, 0);
  const n = active.length + nMembers;
  const lower = new Float64Array(n);
  const upper = new Float64Array(n).fill(1);
  active.forEach((j, i) => {
    const given = ranges[i]?.given;
    lower[i] = given ?? (kept("lower", j) ? 0 : -BEYOND);
    upper[i] = given ?? (kept("upper", j) ? 1 : BEYOND);
  });
  const atMost: Float64Array[] = [];
  const limits: number[] = [];
  const addAtMost = (row: Float64Array, limit: number): void => {
    atMost.push(row);
    limits.push(limit);
  };
  for (const [index, row] of rows.entries()) {
    if (!kept("row", index)) continue;
    const scaled = new Float64Array(n);
    let constant = row.constant;
    let size = 0;
    let isWhole = true;
    for (const [j, c] of row.coefficients.entries()) {
      if (c === 0) continue;
      const i = place.get(j);
      const range = i === undefined ? undefined : ranges[i];
      if (i === undefined || range === undefined) {
        isWhole = false;
        continue;
      }
      scaled[i] = c * range.size;
      size += Math.abs(c * range.size);
      constant += c * range.min + (row.shifts[j] ?? 0);
    }
    if (!isWhole && row.needsAll) continue;
    const room = row.isStrict ? -STRICT * size : row.tolerance;
    if (row.max < Number.POSITIVE_INFINITY) addAtMost(scaled, row.max + room - constant);
    if (row.min > Number.NEGATIVE_INFINITY)
      addAtMost(
        scaled.map((c) => -c),
        constant - row.min + room,
      );
  }
  // z = 1 where an amount is present: least · z ≤ x ≤ max · z, min ≤ Σ z ≤ max, z between 0 and 1.
  let next = active.length;
  for (const [index, { constraint, variables }] of presences.entries()) {
    const count = new Float64Array(n);
    for (const j of variables) {
      const z = next++;
      const i = place.get(j);
      const range = i === undefined ? undefined : ranges[i];
      if (!kept("presence", index) || i === undefined || range === undefined) {
        if (i === undefined) upper[z] = 0;
        continue;
      }
      count[z] = 1;
      const most = new Float64Array(n);
      most[i] = range.size;
      most[z] = -(range.min + range.size);
      addAtMost(most, -range.min);
      const least = new Float64Array(n);
      least[i] = -range.size;
      least[z] = constraint.least ?? 0;
      addAtMost(least, range.min);
    }
    if (!kept("presence", index)) continue;
    if (constraint.max !== undefined) addAtMost(count, constraint.max);
    if (constraint.min !== undefined)
      addAtMost(
        count.map((c) => -c),
        -constraint.min,
      );
  }
  const program: LinearProgram = { cost: new Float64Array(n), atMost, limits, equal: [], totals: [], lower, upper };
  return solveLinearProgram(program).status !== "infeasible";
}

/** A sum that steps of its amounts miss, although the bounds allow it. */
function gridConflict(space: SearchSpace): readonly string[] | undefined {
  for (const row of compileSpace(space).rows) {
    if (!row.isSum) continue;
    const members = space.variables.filter((_, j) => row.coefficients[j] !== 0);
    if (members.some(({ when }) => when !== undefined)) continue;
    const grids = members.map((v) => (v.kind === "category" ? undefined : gridOf(v)));
    if (grids.some((grid) => grid === undefined)) continue;
    const known = grids.filter((grid) => grid !== undefined);
    if (createLatticeSum(known, row.min - row.constant, row.tolerance) !== undefined) continue;
    return [
      `${row.text}${fixedText(space, row)}`,
      ...members.map(
        ({ name, unit }, i) =>
          `${name} in steps of ${withUnit(known[i]?.step ?? 0, unit)} from ${withUnit(known[i]?.first ?? 0, unit)}`,
      ),
    ];
  }
  return undefined;
}
