import type { Random } from "@materiome/core";
import { sampleDirichlet } from "@materiome/core/numerics";
import { createPolytopeWalk } from "./hitAndRun.ts";
import { createLatticeSum } from "./latticeSum.ts";
import type { Polytope } from "./polytope.ts";
import { gridOf, gridValue, isAllowedValue, isLog, type NumericVariable, rangeOf, snap, valueAt } from "./variable.ts";

/** min ≤ Σ c_i x_i ≤ max over the variables that are drawn together, everything else put in. */
export interface CoupledRow {
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
  readonly tolerance: number;
  readonly isStrict: boolean;
  readonly isSum: boolean;
}

/** Values of the variables, in order; undefined where this try gave none. */
export type Draw = (random: Random) => Float64Array | undefined;

const PILOT = 400;
const LEAST_ACCEPTED = 4;

/**
 * A sampler of variables that rows couple: uniform on the scale of each variable (amounts of a sum: in the amounts), given the rows.
 *
 * Exact and independent where that works: amounts of one sum from the uniform Dirichlet distribution, or all on grids by counting,
 * the others each for itself, and what breaks another row is drawn again. Where less than 1 % would be kept: a walk in the
 * polytope ({@link createPolytopeWalk}), rounded to the grids, bounds widened before by what rounding takes back.
 *
 * @returns undefined if the rows leave nothing
 */
export function createCoupledSampler(
  variables: readonly NumericVariable[],
  rows: readonly CoupledRow[],
  random: Random,
): Draw | undefined {
  const propose = proposalOf(variables, rows);
  if (propose === "empty") return undefined;
  if (propose !== undefined) {
    const draw: Draw = (stream) => {
      const x = propose(stream);
      return x !== undefined && meets(rows, x) ? x : undefined;
    };
    let accepted = 0;
    for (let i = 0; i < PILOT && accepted < LEAST_ACCEPTED; i++) if (draw(random) !== undefined) accepted++;
    if (accepted >= LEAST_ACCEPTED) return draw;
  }
  return walkOf(variables, rows, random);
}

function meets(rows: readonly CoupledRow[], x: Float64Array): boolean {
  return rows.every(({ coefficients, min, max, tolerance, isStrict }) => {
    let sum = 0;
    for (let j = 0; j < x.length; j++) sum += (coefficients[j] as number) * (x[j] as number);
    return isStrict ? sum > min : sum >= min - tolerance && sum <= max + tolerance;
  });
}

/** Draws each variable for itself and the amounts of one sum together; undefined where equations do not allow it. */
function proposalOf(variables: readonly NumericVariable[], rows: readonly CoupledRow[]): Draw | "empty" | undefined {
  const equations = rows.filter(({ min, max }) => min === max);
  if (equations.length === 0) return (random) => Float64Array.from(variables, (v) => valueAt(v, random.next()));
  const [sum] = equations;
  if (equations.length > 1 || sum === undefined || !sum.isSum) return undefined;
  const members = variables.flatMap((_, j) => (sum.coefficients[j] === 0 ? [] : [j]));
  if (members.some((j) => sum.coefficients[j] !== 1)) return undefined;
  const amounts = amountsOf(
    members.map((j) => variables[j] as NumericVariable),
    sum,
  );
  if (amounts === undefined || amounts === "empty") return amounts;
  const isMember = new Set(members);
  return (random) => {
    const values = amounts(random);
    if (values === undefined) return undefined;
    const x = Float64Array.from(variables, (v, j) => (isMember.has(j) ? 0 : valueAt(v, random.next())));
    members.forEach((j, i) => {
      x[j] = values[i] as number;
    });
    return x;
  };
}

function amountsOf(members: readonly NumericVariable[], sum: CoupledRow): Draw | "empty" | undefined {
  const grids = members.map(gridOf);
  if (members.some((v) => v.kind === "ordinal")) return undefined;
  if (grids.every((grid) => grid !== undefined)) {
    const lattice = createLatticeSum(grids, sum.min, sum.tolerance);
    if (lattice === undefined) return "empty";
    if (lattice === "tooLarge") return undefined;
    return (random) => {
      const k = lattice(random);
      return Float64Array.from(grids, (grid, i) => gridValue(grid, k[i] as number));
    };
  }
  if (grids.some((grid) => grid !== undefined)) return undefined;
  const ranges = members.map(rangeOf);
  const least = ranges.reduce((total, { min }) => total + min, 0);
  const most = ranges.reduce((total, { max }) => total + max, 0);
  if (sum.min < least - sum.tolerance || sum.min > most + sum.tolerance) return "empty";
  const rest = Math.max(0, sum.min - least);
  const ones = new Float64Array(members.length).fill(1);
  return (random) => {
    const shares = sampleDirichlet(random, ones);
    const x = Float64Array.from(ranges, ({ min }, i) => min + rest * (shares[i] as number));
    return ranges.every(({ max }, i) => (x[i] as number) <= max) ? x : undefined;
  };
}

function walkOf(variables: readonly NumericVariable[], rows: readonly CoupledRow[], random: Random): Draw | undefined {
  const hasGrid = variables.some((v) => v.kind === "ordinal" || gridOf(v) !== undefined);
  // Rounding gives values at the bounds half the share of others, unless what it rounds may lie beyond them.
  for (const isWidened of hasGrid ? [true, false] : [false]) {
    const ranges = variables.map((v) => (isWidened ? widened(v, rows) : rangeOf(v)));
    const walk = createPolytopeWalk(polytopeOf(ranges, rows), random, densityOf(variables, ranges, rows));
    if (walk === undefined) continue;
    const draw: Draw = (stream) => {
      const unit = walk(stream);
      const x = Float64Array.from(ranges, ({ min, max }, j) => min + (unit[j] as number) * (max - min));
      const settled = settle(variables, rows, x);
      return settled !== undefined && meets(rows, settled) ? settled : undefined;
    };
    let accepted = 0;
    const nTrials = isWidened ? 100 : 1000;
    for (let i = 0; i < nTrials && accepted < 1; i++) if (draw(random) !== undefined) accepted++;
    if (accepted > 0) return draw;
  }
  return undefined;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Bounds half a step wider; in a sum, where rounding can move an amount by almost a step, a whole step. */
function widened(variable: NumericVariable, rows: readonly CoupledRow[]): Range {
  const { min, max } = rangeOf(variable);
  const grid = gridOf(variable);
  if (grid === undefined || isLog(variable)) return { min, max };
  const inSum = rows.some((row) => row.isSum);
  const room = grid.step * (inSum ? 1 : 0.5);
  return { min: grid.first - room, max: grid.first + (grid.count - 1) * grid.step + room };
}

/** The rows over variables scaled to 0 … 1 between their bounds. */
function polytopeOf(ranges: readonly Range[], rows: readonly CoupledRow[]): Polytope {
  const n = ranges.length;
  const atMost: Float64Array[] = [];
  const limits: number[] = [];
  const equal: Float64Array[] = [];
  const totals: number[] = [];
  const add = (target: Float64Array[], rights: number[], row: Float64Array, right: number): void => {
    const size = Math.hypot(...row);
    target.push(size > 0 ? row.map((value) => value / size) : row);
    rights.push(size > 0 ? right / size : right);
  };
  for (const { coefficients, min, max, tolerance, isSum } of rows) {
    const row = Float64Array.from(coefficients, (c, j) => c * ((ranges[j] as Range).max - (ranges[j] as Range).min));
    const start = coefficients.reduce((sum, c, j) => sum + c * (ranges[j] as Range).min, 0);
    if (min === max) {
      // A total that bounds miss by less than the tolerance is met as far as they go.
      const [low, high] = row.reduce(([a, b], c) => [a + Math.min(0, c), b + Math.max(0, c)], [0, 0]) as [
        number,
        number,
      ];
      const total = isSum ? Math.min(Math.max(min - start, low - tolerance), high + tolerance) : min - start;
      const reachable = Math.min(Math.max(total, low), high);
      add(equal, totals, row, Math.abs(reachable - (min - start)) <= tolerance ? reachable : total);
      continue;
    }
    if (max !== Number.POSITIVE_INFINITY) add(atMost, limits, row, max - start);
    if (min !== Number.NEGATIVE_INFINITY) {
      add(
        atMost,
        limits,
        row.map((value) => -value),
        start - min,
      );
    }
  }
  for (let j = 0; j < n; j++) {
    for (const sign of [1, -1]) {
      const row = new Float64Array(n);
      row[j] = sign;
      atMost.push(row);
      limits.push(sign === 1 ? 1 : 0);
    }
  }
  return { atMost, limits, equal, totals, lower: new Float64Array(n) };
}

/** ln of Π 1 / x over variables on a log scale that are no amounts of a sum; undefined where there are none. */
function densityOf(
  variables: readonly NumericVariable[],
  ranges: readonly Range[],
  rows: readonly CoupledRow[],
): ((unit: Float64Array) => number) | undefined {
  const inSum = (j: number): boolean => rows.some((row) => row.isSum && row.coefficients[j] !== 0);
  const logs = variables.flatMap((v, j) => (isLog(v) && !inSum(j) ? [j] : []));
  if (logs.length === 0) return undefined;
  return (unit) => {
    let sum = 0;
    for (const j of logs) {
      const { min, max } = ranges[j] as Range;
      sum -= Math.log(min + Math.max(0, unit[j] as number) * (max - min));
    }
    return sum;
  };
}

/**
 * Rounds to the grids so that sums keep their totals: each amount to its nearest value, then those that were rounded farthest go one
 * step on until the total is met, which gives the nearest point of the grid (J. H. Conway & N. J. A. Sloane, IEEE Trans. Inf.
 * Theory 28, 227 (1982), doi:10.1109/TIT.1982.1056484); amounts without a grid take what is left.
 */
function settle(
  variables: readonly NumericVariable[],
  rows: readonly CoupledRow[],
  x: Float64Array,
): Float64Array | undefined {
  const out = Float64Array.from(variables, (v, j) => nearest(v, x[j] as number));
  for (const { coefficients, min, isSum, tolerance } of rows) {
    if (!isSum) continue;
    const members = variables.flatMap((_, j) => (coefficients[j] === 0 ? [] : [j]));
    const missing = (): number => min - members.reduce((sum, j) => sum + (out[j] as number), 0);
    const free = members.filter((j) => gridOf(variables[j] as NumericVariable) === undefined);
    const share = free.length === 0 ? 0 : missing() / free.length;
    for (const j of free) out[j] = (out[j] as number) + share;
    const byError = members
      .filter((j) => !free.includes(j))
      .sort(
        (a, b) =>
          Math.sign(missing()) * ((x[b] as number) - (out[b] as number) - ((x[a] as number) - (out[a] as number))),
      );
    for (const j of byError) {
      const left = missing();
      const step = gridOf(variables[j] as NumericVariable)?.step ?? 0;
      if (Math.abs(left) <= Math.max(tolerance, 1e-9 * step)) break;
      if (Math.abs(left) > 0.5 * step) out[j] = (out[j] as number) + Math.sign(left) * step;
    }
  }
  for (const [j, variable] of variables.entries()) {
    if (gridOf(variable) !== undefined) out[j] = Number((out[j] as number).toPrecision(12));
    if (!isAllowedValue(variable, out[j] as number)) return undefined;
  }
  return out;
}

/** The nearest value of the grid, which may lie beyond the bounds. */
function nearest(variable: NumericVariable, value: number): number {
  const grid = gridOf(variable);
  if (grid === undefined) return variable.kind === "ordinal" ? snap(variable, value) : value;
  return grid.first + Math.round((value - grid.first) / grid.step) * grid.step;
}
