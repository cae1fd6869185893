import type { Evaluate, Evaluated } from "../../search/evaluator.ts";
import { pointDistance } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { nudge } from "../../space/variable.ts";
import { isAllowedPoint } from "../../space/violations.ts";
import type { CostFunction } from "./createCost.ts";

const STEPS = [-0.3, -0.1, -0.03, -0.01, -1e-9, 1e-9, 0.01, 0.03, 0.1, 0.3];
const ROUNDS = 40;

export interface CheapestOptions {
  readonly n: number;
  readonly minProbability: number;
  readonly minDistance: number;
}

/**
 * The cheapest settings that are probable enough: of those known, the cheapest `n` at least `minDistance` apart; each then goes
 * downhill in cost by steps of one variable, and by trades of two amounts that add up, while it stays inside domain and
 * constraints with at least `minProbability`. Cheapest first.
 */
export async function cheapest(
  space: SearchSpace,
  evaluate: Evaluate,
  cost: CostFunction,
  known: readonly Evaluated[],
  options: CheapestOptions,
): Promise<readonly Evaluated[]> {
  const { n, minProbability, minDistance } = options;
  const isGood = (e: Evaluated): boolean => e.inDomain && e.probability >= minProbability;
  let pool = priced(cost, known.filter(isGood));
  const seen = new Set(known.map((e) => e.point.join("|")));
  for (let round = 0; round < ROUNDS; round++) {
    const leaders = apart(space, pool, n, minDistance);
    const worst = leaders.length < n ? Number.POSITIVE_INFINITY : (leaders.at(-1)?.cost ?? 0);
    const around = leaders.flatMap(({ e }) => neighbours(space, e.point));
    const fresh = new Map(around.filter((p) => isAllowedPoint(space, p)).map((p) => [p.join("|"), p]));
    for (const key of seen) fresh.delete(key);
    const points = [...fresh.values()];
    const costs = cost.costsOf(points);
    const cheaper = points.filter((_, i) => (costs[i] ?? 0) < worst);
    for (const point of cheaper) seen.add(point.join("|"));
    const found = priced(cost, (await evaluate(cheaper)).filter(isGood));
    if (found.length === 0) break;
    pool = [...pool, ...found];
  }
  return apart(space, pool, n, minDistance).map(({ e }) => e);
}

interface Priced {
  readonly e: Evaluated;
  readonly cost: number;
}

function priced(cost: CostFunction, list: readonly Evaluated[]): readonly Priced[] {
  const costs = cost.costsOf(list.map((e) => e.point));
  return list.map((e, i) => ({ e, cost: costs[i] ?? Number.NaN }));
}

/** In order of cost, then the more probable; each at least `minDistance` from those before it. */
function apart(space: SearchSpace, pool: readonly Priced[], n: number, minDistance: number): readonly Priced[] {
  const ranked = [...pool].sort((a, b) => a.cost - b.cost || b.e.probability - a.e.probability);
  const chosen: Priced[] = [];
  for (const candidate of ranked) {
    if (chosen.length >= n) break;
    if (chosen.every(({ e }) => pointDistance(space, e.point, candidate.e.point) >= minDistance))
      chosen.push(candidate);
  }
  return chosen;
}

function neighbours(space: SearchSpace, point: Float64Array): readonly Float64Array[] {
  const found: Float64Array[] = [];
  space.variables.forEach((variable, j) => {
    const value = point[j] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    const values =
      variable.kind === "category"
        ? variable.levels.map((_, level) => level)
        : STEPS.map((delta) => nudge(variable, value, delta));
    for (const changed of values) {
      const next = Float64Array.from(point);
      next[j] = changed;
      found.push(next);
      if (variable.kind === "category") continue;
      for (const [k, other] of space.variables.entries()) {
        const isTraded = space.sums.some(
          ({ columns }) => columns.includes(variable.name) && columns.includes(other.name),
        );
        if (k === j || other.kind === "category" || !isTraded) continue;
        const traded = Float64Array.from(next);
        traded[k] = Number(((point[k] ?? 0) - (changed - value)).toPrecision(12));
        found.push(traded);
      }
    }
  });
  return found;
}
