import type { Random } from "@materiome/core";
import { chooseIndices } from "@materiome/core/numerics";
import { isActive } from "./activity.ts";
import { type CompiledSpace, compileSpace } from "./compiledSpace.ts";
import { type CoupledRow, createCoupledSampler, type Draw } from "./coupledSampler.ts";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { isNumeric, type NumericVariable, valueAt } from "./variable.ts";

/** Samplers that are kept, of different selections and values of parents. */
const MOST_CELLS = 500;
/** Selections that leave nothing, in a row from the start, before fewer amounts are tried. */
const PATIENCE = 200;

/** Variables that are drawn together. */
interface Group {
  readonly indices: readonly number[];
  readonly draw: Draw;
}

/**
 * Draws points that keep bounds, grids, conditions, presence, sums and linear rows (not yet forbidden combinations and expressions);
 * undefined where a try gave none.
 *
 * @param pilot - for what is tried out when a sampler is made
 * @param held - values at which variables are held, by index
 */
export function createSpaceSampler(
  space: SearchSpace,
  pilot: Random,
  held: ReadonlyMap<number, number> = new Map(),
): (random: Random) => Point | undefined {
  const { variables } = space;
  const compiled = compileSpace(space);
  const parentNames = new Set(variables.flatMap(({ when }) => (when === undefined ? [] : [when.name])));
  const parents = inOrder(space, parentNames);
  const joint = variables.flatMap((v, j) => {
    if (parentNames.has(v.name) || held.has(j) || !isNumeric(v)) return [];
    const inRow = compiled.rows.some((row) => row.coefficients[j] !== 0);
    return inRow || compiled.presences.some((presence) => presence.variables.includes(j)) ? [j] : [];
  });
  const jointSet = new Set(joint);
  const alone = variables.flatMap((v, j) => (parentNames.has(v.name) || jointSet.has(j) ? [] : [j]));
  const sizes = compiled.presences.map(({ constraint, variables: members }) => constraint.max ?? members.length);
  const cells = new Map<string, readonly Group[] | undefined>();
  let nEmpty = 0;

  return (random) => {
    const point = new Float64Array(variables.length).fill(Number.NaN);
    for (const j of [...parents, ...alone]) {
      const variable = variables[j];
      if (variable === undefined || !isActive(space, point, j)) continue;
      point[j] = held.get(j) ?? valueAt(variable, random.next());
    }
    const active = joint.filter((j) => isActive(space, point, j));
    const present = selectPresent(space, compiled, point, active, sizes, random);
    for (const j of active) if (!present.has(j)) point[j] = 0;
    const drawn = active.filter((j) => present.has(j));
    const key = `${drawn.join()}|${active.join()}|${parents.map((j) => point[j]).join()}`;
    if (!cells.has(key)) {
      const [oldest] = cells.keys();
      if (cells.size >= MOST_CELLS && oldest !== undefined) cells.delete(oldest);
      cells.set(key, groupsOf(space, compiled, point, drawn, pilot.fork(key)));
    }
    const groups = cells.get(key);
    if (groups === undefined) {
      if (nEmpty >= 0 && ++nEmpty >= PATIENCE) {
        nEmpty = 0;
        for (const [p, { constraint }] of compiled.presences.entries()) {
          sizes[p] = Math.max(constraint.min ?? 0, (sizes[p] ?? 0) - 1);
        }
      }
      return undefined;
    }
    nEmpty = -1; // something was found at these sizes: they stay
    for (const { indices, draw } of groups) {
      const values = draw(random);
      if (values === undefined) return undefined;
      indices.forEach((j, i) => {
        point[j] = values[i] ?? Number.NaN;
      });
    }
    return point;
  };
}

/** Indices of the variables on which others hang, each after the one it hangs on itself. */
function inOrder(space: SearchSpace, names: ReadonlySet<string>): readonly number[] {
  const index = (name: string): number => space.variables.findIndex((v) => v.name === name);
  const ordered: number[] = [];
  const add = (j: number): void => {
    const above = space.variables[j]?.when?.name;
    if (ordered.includes(j)) return;
    if (above !== undefined) add(index(above));
    ordered.push(j);
  };
  for (const name of names) add(index(name));
  return ordered;
}

/** Which of the active variables are not zero: of each presence constraint a random selection of the size allowed. */
function selectPresent(
  space: SearchSpace,
  { presences }: CompiledSpace,
  point: Point,
  active: readonly number[],
  sizes: readonly number[],
  random: Random,
): ReadonlySet<number> {
  const present = new Set(active);
  presences.forEach(({ variables }, p) => {
    const members = variables.filter((j) => present.has(j));
    const optional = members.filter((j) => canBeZero(space.variables[j] as NumericVariable));
    const nGiven = variables.filter((j) => !present.has(j) && (point[j] ?? Number.NaN) > 0).length;
    const nKept = Math.max(0, (sizes[p] ?? members.length) - nGiven - (members.length - optional.length));
    if (nKept >= optional.length) return;
    const kept = new Set(Array.from(chooseIndices(optional.length, nKept, random), (i) => optional[i]));
    for (const j of optional) if (!kept.has(j)) present.delete(j);
  });
  return present;
}

function canBeZero(variable: NumericVariable): boolean {
  return variable.kind !== "ordinal" && variable.min <= 0;
}

/** Samplers of the variables that are to be drawn at a point where the rest is set; undefined if nothing is left for them. */
function groupsOf(
  space: SearchSpace,
  { rows, presences }: CompiledSpace,
  point: Point,
  drawn: readonly number[],
  pilot: Random,
): readonly Group[] | undefined {
  const open: { readonly row: CoupledRow; readonly members: readonly number[] }[] = [];
  for (const row of rows) {
    const members = drawn.filter((j) => row.coefficients[j] !== 0);
    let constant = row.constant;
    let isWhole = true;
    for (const [j, c] of row.coefficients.entries()) {
      if (c === 0) continue;
      const shift = row.shifts[j] ?? 0;
      if (members.includes(j)) constant += shift;
      else if (!Number.isNaN(point[j] ?? Number.NaN)) constant += c * (point[j] ?? 0) + shift;
      else isWhole = false;
    }
    if (!isWhole && row.needsAll) continue;
    const { isStrict, isSum, tolerance } = row;
    const limits = { min: row.min - constant, max: row.max - constant, tolerance, isStrict, isSum };
    if (members.length > 0) open.push({ row: { coefficients: row.coefficients, ...limits }, members });
    else if (isStrict ? limits.min >= 0 : limits.min > tolerance || limits.max < -tolerance) return undefined;
  }
  const groups: Group[] = [];
  for (const indices of connected(
    drawn,
    open.map(({ members }) => members),
  )) {
    const variables = indices.map((j) => {
      const least = Math.max(0, ...presences.map((p) => (p.variables.includes(j) ? (p.constraint.least ?? 0) : 0)));
      return raised(space.variables[j] as NumericVariable, least);
    });
    if (variables.some((v) => v === undefined)) return undefined;
    const own = open
      .filter(({ members }) => members.some((j) => indices.includes(j)))
      .map(({ row }) => ({ ...row, coefficients: Float64Array.from(indices, (j) => row.coefficients[j] ?? 0) }));
    const draw = createCoupledSampler(variables as NumericVariable[], own, pilot);
    if (draw === undefined) return undefined;
    groups.push({ indices, draw });
  }
  return groups;
}

/** The variable from `least` on; undefined if nothing of it is left. */
function raised(variable: NumericVariable, least: number): NumericVariable | undefined {
  if (variable.kind === "ordinal" || least <= variable.min) return variable;
  if (least > variable.max) return undefined;
  return variable.kind === "integer"
    ? { ...variable, min: Math.ceil(least) }
    : { ...variable, min: least, origin: variable.origin ?? variable.min };
}

/** Parts of `all` that share no list. */
function connected(all: readonly number[], lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const part = new Map(all.map((j) => [j, new Set([j])]));
  for (const [first, ...others] of lists) {
    const target = first === undefined ? undefined : part.get(first);
    for (const j of others) {
      const source = part.get(j);
      if (target === undefined || source === undefined || source === target) continue;
      for (const member of source) {
        target.add(member);
        part.set(member, target);
      }
    }
  }
  return [...new Set(part.values())].map((members) => [...members].sort((a, b) => a - b));
}
