import { InfeasibleError, type Progress, type Random } from "@materiome/core";
import { latinHypercube, SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";
import { settleActivity } from "../space/activity.ts";
import { type Point, pointDistance } from "../space/points.ts";
import { sampleSpace } from "../space/sampleSpace.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { levelCount, nudge, valueAt, valueOfLevel } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";
import type { Evaluate, Evaluated } from "./evaluator.ts";
import { settleConditions } from "./settleConditions.ts";
import { vary } from "./vary.ts";

export interface SearchCandidatesOptions {
  readonly random: Random;
  /** Settings that are known to work somewhere: where the search starts, besides a space-filling design. */
  readonly seeds: readonly Point[];
  /** Most points that are predicted. Spaces with no more points than this are searched exhaustively. */
  readonly maxEvaluations: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface SearchOutcome {
  readonly evaluated: readonly Evaluated[];
  /** True if every point of the space was predicted. */
  readonly isExhaustive: boolean;
}

const BATCH = 256;
const ELITES = 24;
const PATIENCE = 8;

/**
 * Looks for the points of a space that most probably meet the specs.
 *
 * A space of few points is enumerated. Otherwise: training settings (up to 512) and a Sobol design (512 points; Latin
 * hypercube beyond 40 variables; uniform inside sums, conditions and constraints where there are any) are predicted, then
 * rounds of 256 follow: the neighbours of the best point one variable at a time, and offspring of the best, mutually distant
 * points inside the domain (mutation on three scales, crossover, moves that keep sums). It ends when the budget is spent or
 * eight rounds brought nothing better. Every predicted point is returned. The result depends on the seed only.
 */
export async function searchCandidates(
  space: SearchSpace,
  evaluate: Evaluate,
  options: SearchCandidatesOptions,
): Promise<SearchOutcome> {
  const { random, seeds, maxEvaluations, onProgress } = options;
  const seen = new Map<string, Evaluated>();
  const run = async (points: readonly Point[]): Promise<void> => {
    const fresh = new Map<string, Point>();
    for (const raw of points) {
      const point = settleConditions(space, raw, () => 0.5);
      const key = point.join("|");
      if (!seen.has(key) && isAllowedPoint(space, point)) fresh.set(key, point);
    }
    const queue = [...fresh].slice(0, maxEvaluations - seen.size);
    for (let start = 0; start < queue.length; start += BATCH) {
      const batch = queue.slice(start, start + BATCH);
      const results = await evaluate(batch.map(([, point]) => point));
      batch.forEach(([key], i) => {
        const result = results[i];
        if (result !== undefined) seen.set(key, result);
      });
      onProgress?.({ stage: "search", done: seen.size, total: maxEvaluations });
    }
  };

  const nPoints = space.variables.reduce((product, variable) => product * levelCount(variable), 1);
  if (nPoints <= maxEvaluations) {
    await run(allPoints(space, nPoints));
    return { evaluated: [...seen.values()], isExhaustive: true };
  }

  await run([...sample(seeds, 512, random.fork("seeds")), ...design(space, 512, random.fork("design"))]);
  let best = Number.NEGATIVE_INFINITY;
  let idle = 0;
  for (let round = 0; seen.size < maxEvaluations && idle < PATIENCE; round++) {
    const ranked = [...seen.values()].sort((a, b) => fitness(b) - fitness(a));
    const leader = ranked[0];
    if (leader === undefined) break;
    idle = fitness(leader) > best + 1e-6 ? 0 : idle + 1;
    best = Math.max(best, fitness(leader));
    const elites = chooseElites(space, ranked);
    const stream = random.fork("round").fork(round);
    const offspring = Array.from({ length: BATCH }, () =>
      settleConditions(space, vary(space, elites, seeds, stream), () => stream.next()),
    );
    await run([...neighbours(space, leader.point), ...offspring]);
  }
  return { evaluated: [...seen.values()], isExhaustive: false };
}

/**
 * What the search maximises: the probability, with a slope where it is flat (0 or 1) from how far the mean is inside the limits;
 * points outside the domain are worse than any inside, the stranger the worse.
 */
function fitness(e: Evaluated): number {
  if (!e.inDomain) return -1 - Math.min(1e6, Math.max(0, e.domainScore));
  return e.probability + 0.01 * Math.tanh(e.margin / 2);
}

/** Best first; a point close to one already chosen waits, so that the search keeps several regions. */
function chooseElites(space: SearchSpace, ranked: readonly Evaluated[]): readonly Point[] {
  const chosen: Point[] = [];
  for (const { point } of ranked.slice(0, 20 * ELITES)) {
    if (chosen.length >= ELITES) break;
    if (chosen.every((other) => pointDistance(space, point, other) > 0.03)) chosen.push(point);
  }
  return chosen;
}

/**
 * The point with one variable changed: one and a few levels up and down, or another category (up to 50; of more, the
 * offspring draw some).
 */
function neighbours(space: SearchSpace, point: Point): Point[] {
  const points: Point[] = [];
  space.variables.forEach((variable, j) => {
    const value = point[j] ?? Number.NaN;
    const values =
      variable.kind === "category"
        ? variable.levels.length > 50
          ? []
          : variable.levels.map((_, code) => code)
        : [-0.1, -0.02, -1e-9, 1e-9, 0.02, 0.1].map((delta) => nudge(variable, value, delta));
    for (const changed of values) {
      if (changed === value || Number.isNaN(value)) continue;
      const next = Float64Array.from(point);
      next[j] = changed;
      settleActivity(space, next, (other) => valueAt(other, 0.5));
      points.push(next);
    }
  });
  return points;
}

/** Even in a box; where something couples the variables, uniform inside it, or none where no such point is found. */
function design(space: SearchSpace, n: number, random: Random): Point[] {
  const isBox = space.variables.every(({ when }) => when === undefined);
  if (!isBox || space.sums.length > 0 || (space.constraints ?? []).length > 0) {
    try {
      return sampleSpace(space, n, random);
    } catch (error) {
      // Settings of training rows may still be allowed; if nothing is, the caller says so.
      if (error instanceof InfeasibleError) return [];
      throw error;
    }
  }
  const d = space.variables.length;
  const cube = d <= SOBOL_MAX_DIMENSIONS ? sobol(n, d, random) : latinHypercube(n, d, random);
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from(space.variables, (variable, j) => valueAt(variable, cube.data[i * d + j] ?? 0)),
  );
}

function allPoints(space: SearchSpace, nPoints: number): Point[] {
  return Array.from({ length: nPoints }, (_, index) => {
    let rest = index;
    const point = Float64Array.from(space.variables, (variable) => {
      const count = levelCount(variable);
      const level = rest % count;
      rest = Math.floor(rest / count);
      return valueOfLevel(variable, level);
    });
    settleActivity(space, point, (variable) => valueOfLevel(variable, 0));
    return point;
  });
}

function sample(points: readonly Point[], most: number, random: Random): readonly Point[] {
  if (points.length <= most) return points;
  const pool = [...points];
  for (let i = 0; i < most; i++) {
    const k = i + random.int(pool.length - i);
    const swapped = pool[k];
    if (swapped === undefined) continue;
    pool[k] = pool[i] ?? swapped;
    pool[i] = swapped;
  }
  return pool.slice(0, most);
}
