import {
  type AbortLike,
  createMatrix,
  DomainError,
  InfeasibleError,
  type Matrix,
  type Progress,
  type Random,
  ShapeError,
  takeRows,
} from "@materiome/core";
import { vary } from "../search/vary.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isAllowedPoint } from "../space/violations.ts";
import { simplexDirections } from "./chebyshev.ts";
import { checkOutcomes } from "./checkOutcomes.ts";
import { crossPoints } from "./crossPoints.ts";
import { paretoFront } from "./paretoFront.ts";
import { type Population, selectByCrowding, selectByDirections } from "./selectSurvivors.ts";
import { startPopulation } from "./startPopulation.ts";

/** Outcomes of points: `values` [n, m], all to be small; `violation` [n], 0 where all constraints on outcomes hold. */
export interface EvaluatedPoints {
  readonly values: Matrix;
  readonly violation?: Float64Array | undefined;
}

export interface EvolveFrontOptions {
  readonly random: Random;
  /**
   * Who survives within the last front that fits: `nsga2` those with room around them, `nsga3` those nearest to evenly spread
   * directions, which stays even beyond three objectives. @defaultValue "nsga2" for two objectives, else "nsga3"
   */
  readonly method?: "nsga2" | "nsga3" | undefined;
  /** Points of a generation, at least 4. @defaultValue 100 */
  readonly populationSize?: number | undefined;
  /** @defaultValue 100 */
  readonly generations?: number | undefined;
  /** Points to start from besides random ones, such as those tried. @defaultValue none */
  readonly seeds?: readonly Point[] | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortLike | undefined;
}

/** Non-dominated points of the last generation and of all generations before it. */
export interface EvolvedFront {
  readonly points: readonly Point[];
  /** [n, m] */
  readonly values: Matrix;
  readonly evaluations: number;
}

/**
 * Approximates the Pareto front of cheap functions of a point (models, simulators) by evolution, NSGA-II or NSGA-III. Offspring come
 * by simulated binary crossover and polynomial mutation of the variables' positions (Deb), and by the moves of the candidate
 * search, which keep amounts that add up; only points that the space allows are evaluated. Points that violate constraints on
 * outcomes are ranked behind all others, by their violation (Deb 2000). All feasible non-dominated points ever seen are returned.
 *
 * @param evaluate outcomes of up to `populationSize` points at a time; NaN is refused
 * @throws InfeasibleError if no point that the space allows is found, or none meets the constraints on outcomes
 * @throws DomainError for options or outcomes outside their range
 * @throws ShapeError if `evaluate` returns another number of rows or of objectives than before
 * @see Deb, Pratap, Agarwal & Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017; Deb & Jain, IEEE Trans.
 * Evol. Comput. 18, 577 (2014), doi:10.1109/TEVC.2013.2281535; constraints: Deb, Comput. Methods Appl. Mech. Eng. 186, 311 (2000)
 * @example
 * const { points, values } = await evolveFront(space, (points) => ({ values: predictCostAndWear(points) }), { random });
 */
export async function evolveFront(
  space: SearchSpace,
  evaluate: (points: readonly Point[]) => EvaluatedPoints | Promise<EvaluatedPoints>,
  options: EvolveFrontOptions,
): Promise<EvolvedFront> {
  const { random, populationSize = 100, generations = 100, seeds = [], onProgress, signal } = options;
  if (!(Number.isInteger(populationSize) && populationSize >= 4)) {
    throw new DomainError(`evolveFront: populationSize must be a whole number of at least 4, got ${populationSize}`);
  }
  if (!(Number.isInteger(generations) && generations >= 0)) {
    throw new DomainError(`evolveFront: generations must be a whole number of at least 0, got ${generations}`);
  }
  let m = 0;
  let evaluations = 0;
  const measure = async (points: readonly Point[]): Promise<Population> => {
    const { values, violation = new Float64Array(points.length) } = await evaluate(points);
    if (values.rows !== points.length || violation.length !== points.length || (m !== 0 && values.columns !== m)) {
      throw new ShapeError(
        `evolveFront: evaluate was given ${points.length} points and returned ${values.rows} × ${values.columns} values and ${violation.length} violations`,
      );
    }
    checkOutcomes("evolveFront", values);
    if (!violation.every((v) => v >= 0)) throw new DomainError("evolveFront: violations must be at least 0");
    m = values.columns;
    evaluations += points.length;
    return { points, values, violation };
  };

  const start = startPopulation(
    space,
    seeds.filter((p) => isAllowedPoint(space, p)),
    populationSize,
    random.fork("start"),
  );
  let population = await measure(start);
  let archive = feasibleFront(population);
  const method = options.method ?? (m <= 2 ? "nsga2" : "nsga3");
  const directions = method === "nsga3" ? directionsFor(m, populationSize) : undefined;
  const seen = new Set(start.map((point) => point.join("|")));
  for (let generation = 0; generation < generations; generation++) {
    signal?.throwIfAborted();
    onProgress?.({ stage: "evolve", done: generation, total: generations });
    const stream = random.fork("generation").fork(generation);
    const children = offspring(space, population, populationSize, seen, stream);
    if (children.length === 0) break; // every point of the space has been seen
    const joined = join(population, await measure(children));
    archive = feasibleFront(join(archive, joined));
    population =
      directions === undefined
        ? selectByCrowding(joined, populationSize)
        : selectByDirections(joined, populationSize, directions, stream.fork("niches"));
  }
  if (archive.points.length === 0) {
    throw new InfeasibleError(
      `evolveFront: none of ${evaluations} points meets the constraints on outcomes; the smallest violation is ${Math.min(...population.violation)}`,
    );
  }
  return { points: archive.points, values: archive.values, evaluations };
}

/** Parents by binary tournament; the population is sorted, best first. */
function offspring(
  space: SearchSpace,
  { points }: Population,
  count: number,
  seen: Set<string>,
  random: Random,
): readonly Point[] {
  const parent = (): Point => points[Math.min(random.int(points.length), random.int(points.length))] as Point; // below length
  const children: Point[] = [];
  for (let attempt = 0; attempt < 20 * count && children.length < count; attempt++) {
    const made =
      random.next() < 0.5
        ? crossPoints(space, parent(), parent(), random)
        : [vary(space, [parent(), parent()], [], random)];
    for (const child of made) {
      const key = child.join("|");
      if (children.length >= count || seen.has(key) || !isAllowedPoint(space, child)) continue;
      seen.add(key);
      children.push(child);
    }
  }
  return children;
}

function feasibleFront(population: Population): Population {
  const feasible = takePopulation(
    population,
    population.points.flatMap((_, i) => (population.violation[i] === 0 ? [i] : [])),
  );
  const front = paretoFront(feasible.values);
  const seen = new Set<string>();
  return takePopulation(
    feasible,
    front.filter((i) => {
      const key = feasible.points[i]?.join("|") ?? "";
      return seen.has(key) ? false : seen.add(key);
    }),
  );
}

function takePopulation({ points, values, violation }: Population, rows: readonly number[]): Population {
  return {
    points: rows.map((i) => points[i] as Point), // rows of the population
    values: takeRows(values, rows),
    violation: Float64Array.from(rows, (i) => violation[i] as number),
  };
}

function join(a: Population, b: Population): Population {
  const m = Math.max(a.values.columns, b.values.columns);
  return {
    points: [...a.points, ...b.points],
    values: createMatrix(a.points.length + b.points.length, m, Float64Array.from([...a.values.data, ...b.values.data])),
    violation: Float64Array.from([...a.violation, ...b.violation]),
  };
}

/** The finest lattice with at most as many directions as points. */
function directionsFor(m: number, populationSize: number): Matrix {
  let divisions = 1;
  for (;;) {
    let count = 1;
    for (let i = 1; i < m; i++) count = (count * (divisions + 1 + i)) / i;
    if (count > populationSize || m === 1) return simplexDirections(m, divisions);
    divisions++;
  }
}
