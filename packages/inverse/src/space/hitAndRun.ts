import { createMatrix, type Random } from "@materiome/core";
import { cholesky } from "@materiome/core/numerics";
import { solveLinearProgram } from "./linearProgram.ts";
import { freeAxes, innerPolytope, type Polytope } from "./polytope.ts";

/** Draws points of a polytope one after another. */
export type PolytopeWalk = (random: Random) => Float64Array;

/** Rounds of measuring the shape of the polytope and rescaling the directions to it. */
const ROUNDS = 12;

/**
 * Coordinate hit-and-run with rounding, uniform in a polytope (or with a density): a step goes to a random place on the chord through
 * the point along one of k directions, which are turned and scaled so that the polytope is about equally wide along all of them;
 * k² steps lie between two points that are returned. The shape is measured by the covariance of a trial walk, in rounds (in place
 * of the largest ellipsoid inside). H. S. Haraldsdóttir et al., Bioinformatics 33, 1741 (2017), doi:10.1093/bioinformatics/btx052.
 *
 * @param logDensity - up to a constant; sampled along the chord by shrinking a slice (R. M. Neal, Ann. Stat. 31, 705 (2003),
 * doi:10.1214/aos/1056562461). Default: uniform
 * @returns undefined if the polytope is empty
 */
export function createPolytopeWalk(
  polytope: Polytope,
  random: Random,
  logDensity?: ((x: Float64Array) => number) | undefined,
): PolytopeWalk | undefined {
  const inner = innerPolytope(polytope);
  if (inner === undefined) return undefined;
  const { atMost, limits, centre } = inner;
  const x = centre.slice();
  const { free, axes } = freeAxes(inner.equal, x.length);
  const k = axes.length;
  if (k === 0) return () => centre.slice();
  const ratesOf = (direction: Float64Array): Float64Array => Float64Array.from(atMost, (row) => dot(row, direction));
  const axisRates = axes.map(ratesOf);
  let turned = axes;
  let turnedRates = axisRates;

  const slack = new Float64Array(atMost.length);
  const resetSlack = (): void => {
    for (const [i, row] of atMost.entries()) slack[i] = Math.max(0, (limits[i] as number) - dot(row, x));
  };
  resetSlack();
  const trial = new Float64Array(x.length);
  const pair = new Float64Array(x.length);
  const pairRates = new Float64Array(atMost.length);
  /** Moves x along a direction, whose slacks fall with these rates; returns by how much. */
  const move = (direction: Float64Array, rates: Float64Array, stream: Random): number => {
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    for (let i = 0; i < slack.length; i++) {
      const rate = rates[i] as number;
      if (rate > 1e-14) {
        const t = (slack[i] as number) / rate;
        if (t < high) high = t;
      } else if (rate < -1e-14) {
        const t = (slack[i] as number) / rate;
        if (t > low) low = t;
      }
    }
    if (!(high > low)) return 0;
    let t = low + (high - low) * stream.next();
    if (logDensity !== undefined) {
      const level = logDensity(x) + Math.log(1 - stream.next());
      for (;;) {
        for (let j = 0; j < x.length; j++) trial[j] = (x[j] as number) + t * (direction[j] as number);
        if (logDensity(trial) >= level || high - low < 1e-14) break;
        if (t < 0) low = t;
        else high = t;
        t = low + (high - low) * stream.next();
      }
    }
    for (let j = 0; j < x.length; j++) x[j] = (x[j] as number) + t * (direction[j] as number);
    for (let i = 0; i < slack.length; i++) {
      slack[i] = Math.max(0, (slack[i] as number) - t * (rates[i] as number));
    }
    return t;
  };
  const walk = (nSteps: number, stream: Random): Float64Array => {
    for (let s = 0; s < nSteps; s++) {
      const c = stream.int(k);
      if (stream.next() < 0.5) {
        move(turned[c] as Float64Array, turnedRates[c] as Float64Array, stream);
        continue;
      }
      const other = stream.int(k);
      if (other === c) move(axes[c] as Float64Array, axisRates[c] as Float64Array, stream);
      else {
        subtract(axes[c] as Float64Array, axes[other] as Float64Array, pair);
        subtract(axisRates[c] as Float64Array, axisRates[other] as Float64Array, pairRates);
        move(pair, pairRates, stream);
      }
    }
    resetSlack();
    return x;
  };

  let shape = new Float64Array(k).fill(1);
  for (let round = 0; round < ROUNDS; round++) {
    const points =
      round === 0 ? cornersOf(inner, free) : Array.from({ length: 10 * k + 100 }, () => walk(k, random).slice());
    const lower = shapeOf(points, free);
    turned = Array.from({ length: k }, (_, c) => combined(axes, (a) => lower[a * k + c] as number));
    turnedRates = turned.map(ratesOf);
    const widths = Float64Array.from({ length: k }, (_, a) => lower[a * k + a] as number);
    const change = widths.reduce((sum, width, a) => sum + Math.abs(Math.log(width / (shape[a] as number))) / k, 0);
    shape = widths;
    if (round > 0 && change < 0.2) break;
  }
  const between = 100 + k * k;
  walk(between, random);
  return (stream) => walk(between, stream).slice();
}

/** Where each free variable is smallest and largest: a first idea of the shape, also of a needle. */
function cornersOf(polytope: Polytope, free: readonly number[]): readonly Float64Array[] {
  const { atMost, limits, equal, totals, lower } = polytope;
  const upper = new Float64Array(lower.length).fill(Number.POSITIVE_INFINITY);
  return free.flatMap((j) =>
    [1, -1].flatMap((sign) => {
      const cost = new Float64Array(lower.length);
      cost[j] = sign;
      const solution = solveLinearProgram({ cost, atMost, limits, equal, totals, lower, upper });
      return solution.status === "optimal" ? [solution.x] : [];
    }),
  );
}

/** Cholesky factor of the covariance of the free variables in points of a walk, [k, k]. */
function shapeOf(corners: readonly Float64Array[], free: readonly number[]): Float64Array {
  const k = free.length;
  const n = corners.length;
  const points = corners.map((x) => Float64Array.from(free, (j) => x[j] as number));
  const mean = new Float64Array(k);
  for (const y of points) for (let a = 0; a < k; a++) mean[a] = (mean[a] as number) + (y[a] as number) / n;
  const covariance = createMatrix(k, k);
  const { data } = covariance;
  for (const y of points) {
    for (let a = 0; a < k; a++) {
      const da = ((y[a] as number) - (mean[a] as number)) / n;
      for (let b = 0; b <= a; b++) {
        data[a * k + b] = (data[a * k + b] as number) + da * ((y[b] as number) - (mean[b] as number));
      }
    }
  }
  return cholesky(covariance, { maxRelativeJitter: 1e-6 }).lower.data;
}

/** Σ weight(a) · directions[a]. */
function combined(directions: readonly Float64Array[], weight: (a: number) => number): Float64Array {
  const sum = new Float64Array(directions[0]?.length ?? 0);
  for (const [a, direction] of directions.entries()) {
    const w = weight(a);
    for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) + w * (direction[j] as number);
  }
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = (a[j] as number) - (b[j] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}
