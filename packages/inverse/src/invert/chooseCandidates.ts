import type { Evaluate, Evaluated } from "../search/evaluator.ts";
import { selectDiverse } from "../search/selectDiverse.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { cheapest } from "./cost/cheapest.ts";
import type { CostFunction } from "./cost/createCost.ts";

/** Suggestions are drawn from settings at least this share as probable as the best, where there are enough of them. */
const REACH = 0.9;

export interface ChooseCandidatesOptions {
  readonly n: number;
  readonly minDistance: number;
  readonly minProbability: number;
  readonly cost: CostFunction | undefined;
}

/**
 * Suggestions from what was predicted inside the domain, most probable first: diverse ones among the nearly best, else among all
 * that are probable enough. With a cost the cheapest of those.
 */
export async function chooseCandidates(
  space: SearchSpace,
  evaluate: Evaluate,
  inside: readonly Evaluated[],
  options: ChooseCandidatesOptions,
): Promise<readonly Evaluated[]> {
  const { n, minDistance, minProbability, cost } = options;
  const best = inside[0];
  if (best === undefined || best.probability < minProbability) return [];
  if (cost !== undefined) return cheapest(space, evaluate, cost, inside, { n, minDistance, minProbability });
  const near = inside.filter((e) => e.probability >= Math.max(minProbability, REACH * best.probability));
  const chosen = selectDiverse(space, near, { n, minDistance });
  if (chosen.length >= n) return chosen;
  const wider = inside.filter((e) => e.probability >= minProbability);
  return selectDiverse(space, wider, { n, minDistance });
}
