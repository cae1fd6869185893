import { type AbortLike, createRandom, type Progress } from "@materiome/core";
import { acceptableSettings } from "../invert/explore.ts";
import type { ProcessWindow } from "../invert/posterior/processWindow.ts";
import type { Evaluate } from "../search/evaluator.ts";
import { searchCandidates } from "../search/searchCandidates.ts";
import { encodePoints } from "../space/encodePoints.ts";
import { type Point, settingsOf } from "../space/points.ts";
import { disturberOf } from "../suggest/disturberOf.ts";
import { feasibleUnderScatter } from "../suggest/feasibleUnderScatter.ts";
import { measuredRows } from "../suggest/fitOutcome.ts";
import { fitOutcomes } from "../suggest/outcomes.ts";
import type { SurrogateLearner } from "../surrogate/surrogate.ts";
import type { CampaignState } from "./campaignState.ts";
import { observationsOf } from "./observationsOf.ts";
import { pointOfSettings } from "./pointOfSettings.ts";

export interface CampaignWindowOptions {
  readonly learner: SurrogateLearner;
  /** Probability that each interval holds. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Most settings that are looked at, in the search and again in the draws. @defaultValue 4000 */
  readonly maxEvaluations?: number | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Measured values of each constrained outcome below which a surrogate knows too little for a window. */
const LEAST_MEASURED = 4;

/**
 * The process window of a campaign: where each setting lies if the experiment works and all constraints are met, as the surrogates of what was told see
 * it. Settings are weighed by that probability, which is the one that suggestions are judged by (`feasibleProbability`: of the function without the
 * noise of a test, under what is given; where the campaign says how settings scatter, at the least feasible of what they become), and drawn as
 * `invert` draws them.
 *
 * @returns undefined without constraints, before each constrained outcome was measured four times, or where nothing allowed meets them
 * @example
 * const window = await campaignWindow(campaign.state, { learner: createGaussianProcess() });
 */
export async function campaignWindow(
  state: CampaignState,
  options: CampaignWindowOptions,
): Promise<ProcessWindow | undefined> {
  const { learner, level = 0.9, maxEvaluations = 4000, signal, onProgress } = options;
  const { space, constraints } = state;
  const taught = observationsOf(state);
  const { observations } = taught;
  const isKnown = constraints.every(({ target }) => measuredRows(observations, target).length >= LEAST_MEASURED);
  if (constraints.length === 0 || !isKnown) return undefined;
  const random = createRandom(state.seed).fork("window");
  const encoded = encodePoints(taught.space, observations.points);
  const run = { random: random.fork("surrogate"), threads: options.threads, signal };
  const { feasible } = await fitOutcomes([], constraints, encoded, observations, learner, run);
  if (feasible === undefined) return undefined;
  const { disturbance } = state;
  const kept =
    disturbance === undefined
      ? feasible
      : feasibleUnderScatter(feasible, disturberOf(taught.space, disturbance, random.fork("disturbance")));

  const given = Object.fromEntries(taught.fixed.map(({ name, value }) => [name, value]));
  const inTaught = (point: Point): Point => {
    const settings = Object.fromEntries(settingsOf(space, point).map(({ name, value }) => [name, value]));
    const found = pointOfSettings(taught.space, settings, given);
    return "point" in found ? found.point : point;
  };
  const evaluate: Evaluate = async (points) => {
    signal?.throwIfAborted();
    const logs = points.length === 0 ? [] : kept.value(encodePoints(taught.space, points.map(inTaught)));
    // The space is what was asked to be searched: surrogates know how little they know of its far ends.
    const common = { inDomain: true, domainScore: 0, means: [] };
    return points.map((point, i) => {
      const log = logs[i] ?? Number.NEGATIVE_INFINITY;
      return { ...common, point, probability: Math.exp(log), margin: log };
    });
  };
  const seeds = observations.points.map((point) => point.slice(0, space.variables.length));
  const outcome = await searchCandidates(space, evaluate, {
    random: random.fork("search"),
    seeds,
    maxEvaluations,
    onProgress,
  });
  const found = await acceptableSettings(space, evaluate, outcome, {
    random: random.fork("draws"),
    level,
    maxEvaluations,
    onProgress,
  });
  return found && { ...found.window, isUnderScatter: disturbance !== undefined };
}
