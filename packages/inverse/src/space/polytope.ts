import { solveLinearProgram } from "./linearProgram.ts";

/** A x ≤ b and E x = e; bounds are among the rows of A. Variables are scaled so that their bounds are about 1 apart. */
export interface Polytope {
  readonly atMost: readonly Float64Array[];
  readonly limits: readonly number[];
  readonly equal: readonly Float64Array[];
  readonly totals: readonly number[];
  /** Lower bounds again, from which the linear program counts. */
  readonly lower: Float64Array;
}

/** A polytope without implied equations, and a point that meets every inequality with room to spare. */
export interface InnerPolytope extends Polytope {
  readonly centre: Float64Array;
}

/** Slack below which an inequality counts as an equation. */
const FLAT = 1e-9;

/**
 * Finds a point inside: the centre of (nearly) the largest ball, max r with a_i x + |a_i| r ≤ b_i, E x = e. Inequalities that hold
 * with equality everywhere become equations first.
 *
 * @returns undefined if nothing is inside
 */
export function innerPolytope(polytope: Polytope): InnerPolytope | undefined {
  let { atMost, limits, equal, totals } = polytope;
  const { lower } = polytope;
  const upper = new Float64Array(lower.length).fill(Number.POSITIVE_INFINITY);
  for (;;) {
    const solution = largestBall({ atMost, limits, equal, totals, lower });
    if (solution === undefined) return undefined;
    if (solution.radius > FLAT) return { atMost, limits, equal, totals, lower, centre: solution.centre };
    const flat = atMost.map((row, i) => {
      const loosest = solveLinearProgram({ cost: row, atMost, limits, equal, totals, lower, upper });
      return loosest.status === "optimal" && (limits[i] as number) - loosest.value <= 10 * FLAT;
    });
    if (!flat.includes(true)) return undefined; // thinner than what can be told from a point
    equal = [...equal, ...atMost.filter((_, i) => flat[i])];
    totals = [...totals, ...limits.filter((_, i) => flat[i])];
    limits = limits.filter((_, i) => !flat[i]);
    atMost = atMost.filter((_, i) => !flat[i]);
  }
}

function largestBall(polytope: Polytope): { readonly centre: Float64Array; readonly radius: number } | undefined {
  const { atMost, limits, equal, totals, lower } = polytope;
  const widened = (row: Float64Array, last: number): Float64Array => Float64Array.of(...row, last);
  const upper = new Float64Array(lower.length + 1).fill(Number.POSITIVE_INFINITY);
  upper[lower.length] = 1;
  const cost = new Float64Array(lower.length + 1);
  cost[lower.length] = -1;
  const solution = solveLinearProgram({
    cost,
    atMost: atMost.map((row) => widened(row, Math.hypot(...row))),
    limits,
    equal: equal.map((row) => widened(row, 0)),
    totals,
    lower: widened(lower, 0),
    upper,
  });
  if (solution.status !== "optimal") return undefined;
  return { centre: solution.x.slice(0, lower.length), radius: -solution.value };
}

/** Directions along which the equations keep holding. */
export interface FreeAxes {
  /** Variables that determine the others; along axis c only `free[c]` of these changes, by 1. */
  readonly free: readonly number[];
  readonly axes: readonly Float64Array[];
}

/** Solves E d = 0 by Gauss–Jordan elimination with full pivoting: each equation expresses one variable by the free ones. */
export function freeAxes(equal: readonly Float64Array[], n: number): FreeAxes {
  const rows: Float64Array[] = equal.map((row) => row.slice());
  const pivots: number[] = [];
  for (let r = 0; r < rows.length; r++) {
    let [best, from, column] = [1e-9, -1, -1];
    for (let i = r; i < rows.length; i++) {
      for (let j = 0; j < n; j++) {
        const size = Math.abs(rows[i]?.[j] ?? 0);
        if (size > best) [best, from, column] = [size, i, j];
      }
    }
    if (from < 0) break; // what is left follows from the equations before
    const chosen = rows[from] as Float64Array;
    rows[from] = rows[r] as Float64Array;
    const pivot = chosen[column] as number;
    rows[r] = chosen.map((value) => value / pivot);
    for (let i = 0; i < rows.length; i++) {
      const factor = rows[i]?.[column] ?? 0;
      if (i === r || factor === 0) continue;
      rows[i] = (rows[i] as Float64Array).map((value, j) => value - factor * (rows[r]?.[j] ?? 0));
    }
    pivots.push(column);
  }
  const free = Array.from({ length: n }, (_, j) => j).filter((j) => !pivots.includes(j));
  const axes = free.map((f) => {
    const axis = new Float64Array(n);
    axis[f] = 1;
    pivots.forEach((p, r) => {
      axis[p] = -(rows[r]?.[f] ?? 0);
    });
    return axis;
  });
  return { free, axes };
}
