import { seeksGain } from "./checkMethod.ts";
import { checkSuggest } from "./checkSuggest.ts";
import { chooseBatch } from "./chooseBatch.ts";
import { currentTrustRegion } from "./currentTrustRegion.ts";
import { type Knowledge, learnFrom } from "./knowledge.ts";
import { narrowToTrustRegion } from "./narrowToTrustRegion.ts";
import { openPoints } from "./openPoints.ts";
import type { SuggestOptions, SuggestResult } from "./options.ts";
import { startReason } from "./startReason.ts";
import { startSuggestions } from "./startSuggestions.ts";

/**
 * The experiments to make next.
 *
 * Until `nInitial` points are told or pending, points fill the space evenly. Then a surrogate is learned for each outcome (and one
 * of where experiments fail, if any did), and the acquisition function times the probability of working and meeting all constraints,
 * per cost, is maximised over everything that is allowed (over the pool, where one is given), one point after the other, each
 * knowing those before it and all pending ones. Told points outside the space teach and are never proposed. Every suggestion is
 * checked against the space. The result depends on the observations and the stream alone.
 *
 * @throws InfeasibleError if no point meets constraints and held settings
 * @throws DataError, DomainError, ShapeError for observations, objectives or options that do not fit: see the messages
 * @see Frazier, A Tutorial on Bayesian Optimization, arXiv:1807.02811
 * @example
 * const { suggestions } = await suggest({ space, observations, objectives: [hardness], learner: createGaussianProcess(), random });
 * suggestions[0]?.settings; // [{ name: "temperature", value: 545, unit: "degC" }]
 */
export async function suggest(options: SuggestOptions): Promise<SuggestResult> {
  checkSuggest(options);
  const open = openPoints(options);
  if (open.pool?.length === 0) {
    return { suggestions: [], notes: ["Nothing is left: every point of the pool has been tried or is pending."] };
  }
  const trust = currentTrustRegion(options);
  const reason = startReason(options, trust);
  if (reason !== undefined) return startSuggestions(options, open, reason);
  const known = await learnFrom(options, open.region, trust?.from ?? 0);
  const narrowed = trust === undefined ? [] : narrowToTrustRegion(options, known, open, trust);
  const { suggestions, gains, notes } = await chooseBatch(options, known, open);
  return { suggestions, notes: [...known.notes, ...narrowed, ...notes], ...gainOf(options, known, gains) };
}

/** What the batch is expected to gain, beside what noise alone would seem to. */
function gainOf(
  options: SuggestOptions,
  { front, best, objective }: Knowledge,
  gains: readonly number[],
): Pick<SuggestResult, "expectedGain" | "noiseGain" | "noiseStd"> {
  const { noiseStd = {} } = options;
  if (!seeksGain(options)) return front === undefined ? { noiseStd: objective.noiseStd } : {};
  const most = gains.reduce((a, b) => Math.max(a, b), 0);
  if (front === undefined) return { expectedGain: best === undefined ? undefined : most, noiseStd: objective.noiseStd };
  return gains.length === 0 ? {} : { expectedGain: most, noiseGain: front.noiseGain(noiseStd) };
}
