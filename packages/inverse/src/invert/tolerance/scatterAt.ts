import type { Random } from "@materiome/core";
import { latinHypercube } from "@materiome/core/numerics";
import type { Evaluate } from "../../search/evaluator.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { missedSettings, type SettingScatter } from "./missedSettings.ts";

/** What process variation does to the probability of meeting the specs. */
export interface ScatterOutcome {
  /** Mean probability over what the settings really are. */
  readonly probability: number;
  /** Twice its standard error as if drawn at random; the draws are a Latin hypercube, which errs less. */
  readonly margin: number;
  /** Share of the draws that are outside the model's domain, where their probability is not to be relied on. */
  readonly shareOutside: number;
  readonly nDraws: number;
}

const DRAWS = 512;

/**
 * Probability that the specs are met when settings scatter independently of each other: the mean of P over 512 draws of a Latin
 * hypercube about each point (JCGM 101:2008, propagation of distributions), as {@link missedSettings} has them.
 *
 * @throws DataError, DomainError as {@link missedSettings}
 */
export async function scatterAt(
  space: SearchSpace,
  evaluate: Evaluate,
  points: readonly Float64Array[],
  options: { readonly scatter: Readonly<Record<string, SettingScatter>>; readonly random: Random },
): Promise<readonly ScatterOutcome[]> {
  const { scatter, random } = options;
  const missed = missedSettings(space, scatter);
  const { count } = missed;
  const cube = latinHypercube(DRAWS, count, random);
  const outcomes: ScatterOutcome[] = [];
  for (const point of points) {
    const draws = Array.from({ length: DRAWS }, (_, i) =>
      missed.at(point, cube.data.subarray(i * count, (i + 1) * count)),
    );
    const results = await evaluate(draws);
    const mean = results.reduce((sum, e) => sum + e.probability, 0) / DRAWS;
    const squares = results.reduce((sum, e) => sum + (e.probability - mean) ** 2, 0);
    outcomes.push({
      probability: mean,
      margin: 2 * Math.sqrt(squares / (DRAWS - 1) / DRAWS),
      shareOutside: results.filter((e) => !e.inDomain).length / DRAWS,
      nDraws: DRAWS,
    });
  }
  return outcomes;
}
