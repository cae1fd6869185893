import { createMatrix, type Matrix, type Random, takeRows } from "@materiome/core";
import { solveLinear } from "@materiome/core/numerics";
import type { Point } from "../space/points.ts";
import { crowdingDistance } from "./crowdingDistance.ts";
import { nonDominatedSort } from "./nonDominatedSort.ts";

/** Points with what was found at them. */
export interface Population {
  readonly points: readonly Point[];
  readonly values: Matrix;
  readonly violation: Float64Array;
}

/** Fronts of the feasible points, then the others by rising violation, each a front of its own. */
function frontsOf({ values, violation }: Population): number[][] {
  const rows = Array.from(violation.keys());
  const feasible = rows.filter((i) => violation[i] === 0);
  const fronts: number[][] = [];
  nonDominatedSort(takeRows(values, feasible)).forEach((rank, k) => {
    fronts[rank] ??= [];
    fronts[rank].push(feasible[k] as number); // one rank a row
  });
  const rest = rows
    .filter((i) => violation[i] !== 0)
    .sort((a, b) => (violation[a] as number) - (violation[b] as number));
  return [...fronts, ...rest.map((i) => [i])];
}

function take({ points, values, violation }: Population, rows: readonly number[]): Population {
  return {
    points: rows.map((i) => points[i] as Point), // rows of the population
    values: takeRows(values, rows),
    violation: Float64Array.from(rows, (i) => violation[i] as number),
  };
}

/** NSGA-II: whole fronts, then the least crowded of the next; sorted, best first (Deb et al. 2002, section III-C). */
export function selectByCrowding(population: Population, n: number): Population {
  const chosen: number[] = [];
  for (const front of frontsOf(population)) {
    if (chosen.length >= n) break;
    const distance = crowdingDistance(takeRows(population.values, front));
    const order = Array.from(front.keys()).sort((a, b) => {
      const [x, y] = [distance[a] as number, distance[b] as number]; // one a row
      return x === y ? 0 : y - x;
    });
    chosen.push(...order.map((k) => front[k] as number));
  }
  return take(population, chosen.slice(0, n));
}

/**
 * NSGA-III: whole fronts, then of the next those nearest to the directions that have the fewest points (Deb & Jain 2014, algorithms
 * 1 to 4).
 */
export function selectByDirections(population: Population, n: number, directions: Matrix, random: Random): Population {
  const fronts = frontsOf(population);
  const chosen: number[] = [];
  let last: number[] = [];
  for (const front of fronts) {
    last = front;
    if (chosen.length + front.length > n) break;
    chosen.push(...front);
    last = [];
    if (chosen.length === n) break;
  }
  if (last.length === 0 || last.length === 1) return take(population, [...chosen, ...last].slice(0, n));
  const considered = [...chosen, ...last];
  const scaled = normalise(
    takeRows(population.values, considered),
    chosen.length > 0 ? (fronts[0] as number[]).length : considered.length,
  );
  const nearest = considered.map((_, k) => nearestDirection(scaled, k, directions));
  const counts = new Int32Array(directions.rows);
  for (let k = 0; k < chosen.length; k++) {
    const { direction } = nearest[k] as Nearest; // one a row
    counts[direction] = (counts[direction] as number) + 1;
  }
  const left = new Set(Array.from(last.keys(), (k) => chosen.length + k));
  const open = new Set(Array.from({ length: directions.rows }, (_, d) => d));
  const added: number[] = [];
  while (chosen.length + added.length < n) {
    const least = Math.min(...Array.from(open, (d) => counts[d] as number));
    const ties = Array.from(open).filter((d) => counts[d] === least);
    const direction = ties[random.int(ties.length)] as number;
    const members = Array.from(left).filter((k) => nearest[k]?.direction === direction);
    if (members.length === 0) {
      open.delete(direction);
      continue;
    }
    const distanceOf = (k: number): number => (nearest[k] as Nearest).distance;
    const picked =
      least === 0
        ? members.reduce((a, b) => (distanceOf(b) < distanceOf(a) ? b : a))
        : (members[random.int(members.length)] as number);
    left.delete(picked);
    counts[direction] = (counts[direction] as number) + 1;
    added.push(considered[picked] as number);
  }
  return take(population, [...chosen, ...added]);
}

interface Nearest {
  readonly direction: number;
  readonly distance: number;
}

/** Ideal point at 0, intercepts of the plane through the extreme points at 1; the front's nadir where there is no such plane. */
function normalise(values: Matrix, nFront: number): Matrix {
  const { rows, columns: m, data } = values;
  const at = (i: number, j: number): number => data[i * m + j] as number; // i < rows, j < m
  const ideal = Array.from({ length: m }, (_, j) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rows; i++) least = Math.min(least, at(i, j));
    return least;
  });
  const extremes = Array.from({ length: m }, (_, axis) => {
    let best = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      const value = ideal.reduce((most, z, j) => Math.max(most, (at(i, j) - z) / (j === axis ? 1 : 1e-6)), 0);
      if (value < smallest) [smallest, best] = [value, i];
    }
    return best;
  });
  const nadir = ideal.map((z, j) => {
    let most = z;
    for (let i = 0; i < Math.min(rows, nFront); i++) most = Math.max(most, at(i, j));
    return most - z;
  });
  const spans = intercepts(values, extremes, ideal) ?? nadir;
  return createMatrix(
    rows,
    m,
    data.map((value, i) => (value - (ideal[i % m] as number)) / Math.max(spans[i % m] as number, 1e-12)),
  );
}

function intercepts(
  values: Matrix,
  extremes: readonly number[],
  ideal: readonly number[],
): readonly number[] | undefined {
  const m = values.columns;
  if (new Set(extremes).size < m) return undefined;
  const plane = takeRows(values, extremes);
  const shifted = createMatrix(
    m,
    m,
    plane.data.map((value, i) => value - (ideal[i % m] as number)),
  );
  try {
    const found = Array.from(solveLinear(shifted, new Float64Array(m).fill(1)), (slope) => 1 / slope);
    return found.every((span) => Number.isFinite(span) && span > 1e-10) ? found : undefined;
  } catch {
    return undefined; // extreme points on one line span no plane: the nadir takes its place (Blank, Deb & Roy, EMO 2019)
  }
}

function nearestDirection(values: Matrix, row: number, directions: Matrix): Nearest {
  const m = values.columns;
  let found: Nearest = { direction: 0, distance: Number.POSITIVE_INFINITY };
  for (let d = 0; d < directions.rows; d++) {
    let [along, squared, norm] = [0, 0, 0];
    for (let j = 0; j < m; j++) {
      const [x, w] = [values.data[row * m + j] as number, directions.data[d * m + j] as number];
      along += x * w;
      squared += x * x;
      norm += w * w;
    }
    const distance = Math.sqrt(Math.max(0, squared - (along * along) / norm));
    if (distance < found.distance) found = { direction: d, distance };
  }
  return found;
}
