import type { FeatureMatrix, RunContext } from "@materiome/core";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { improvement, logExpectedImprovement } from "../acquisition/expectedImprovement.ts";
import { logJointImprovement } from "../acquisition/jointImprovement.ts";
import { encodePoints } from "../space/encodePoints.ts";
import { type Point, settingsOf } from "../space/points.ts";
import { moments } from "../surrogate/moments.ts";
import { checkSuggest } from "./checkSuggest.ts";
import { exploitShare, nearestOf, variableShares } from "./explain.ts";
import { expectedAt, type FittedOutcome, fitOutcome, measuredRows } from "./fitOutcome.ts";
import { type Scored, scorePoints } from "./localSearch.ts";
import { byValue, maximise } from "./maximise.ts";
import type { SuggestOptions, SuggestResult } from "./options.ts";
import { drawPoints, holdSettings, isInRegion, type Region } from "./region.ts";
import { startPoints } from "./startPoints.ts";
import type { Suggestion } from "./suggestion.ts";

/** Tried points of largest mean whose values are drawn in noisy expected improvement. */
const INCUMBENTS = 6;
const START_DRAWS = 512;

/**
 * The experiments to make next.
 *
 * Until `nInitial` points are told or pending, points fill the space evenly. Then a surrogate is learned for each outcome and
 * the acquisition function is maximised over everything that is allowed (over the pool, where one is given), one point
 * after the other, each knowing those before it and all pending ones. Told points outside the space teach and are never proposed.
 * Every suggestion is checked against the space. The result depends on the observations and the stream alone.
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
  const { space, observations, random, batch = 1, fixed = [], allowReplicates = false } = options;
  const { points, pending } = observations;
  const notes: string[] = [];
  const region: Region = { space, held: holdSettings(space, fixed) };
  const taken = new Set((allowReplicates ? pending : [...points, ...pending]).map(keyOf));
  const choices = options.pool?.filter((point) => isInRegion(region, point) && !taken.has(keyOf(point)));
  if (choices !== undefined && choices.length === 0) {
    return { suggestions: [], notes: ["Nothing is left: every point of the pool has been tried or is pending."] };
  }

  const [objective] = options.objectives;
  const rows = objective === undefined ? [] : measuredRows(observations, objective.name);
  const column = objective === undefined ? -1 : observations.outcomes.indexOf(objective.name);
  const isFlat = new Set(rows.map((i) => observations.values.data[i * observations.values.columns + column])).size < 2;
  const nInitial = options.nInitial ?? Math.min(20, Math.max(4, space.variables.length + 1));
  if (objective === undefined || isFlat || points.length + pending.length < nInitial) {
    if (rows.length >= 2 && isFlat) {
      notes.push(
        `All ${rows.length} results of "${objective?.name}" are equal, so nothing says where to go: points far from the tried ones are proposed.`,
      );
    } else {
      notes.push(`Space-filling start: ${points.length} told and ${pending.length} pending of ${nInitial} points.`);
    }
    const candidates =
      choices ?? drawPoints(region, START_DRAWS, random.fork("start")).filter((p) => !taken.has(keyOf(p)));
    const chosen = startPoints(space, candidates, [...points, ...pending], batch, random.fork("choose"));
    if (chosen.length < batch) notes.push(`Only ${chosen.length} of ${batch} points are left.`);
    const method = choices === undefined ? "Sobol start" : "space-filling start";
    return { suggestions: chosen.map((point) => startSuggestion(options, point, method)), notes };
  }

  const run: RunContext = { ...options, random: random.fork("surrogate") };
  const encoded = encodePoints(space, points);
  const sign = objective.direction === "maximize" ? 1 : -1;
  const fitted = await fitOutcome(
    { name: objective.name, unit: objective.unit, sign },
    encoded,
    observations,
    options.learner,
    run,
  );
  const { mean } = moments(fitted.model, fitted.x);
  const best = mean.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const order = [...mean.keys()].sort((a, b) => (mean[b] as number) - (mean[a] as number));
  const seeds = order.map((k) => points[fitted.rows[k] as number] as Point); // k < rows

  const suggestions: Suggestion[] = [];
  const chosen: Point[] = [];
  let expectedGain = 0;
  for (let k = 0; k < batch; k++) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: "suggest", done: k, total: batch });
    const stream = random.fork("point").fork(k);
    const acquisition = acquisitionOf(options, fitted, best, order, [...pending, ...chosen]);
    const isExcluded = (point: Point): boolean => taken.has(keyOf(point));
    const found =
      choices === undefined
        ? maximise(region, acquisition, { random: stream, seeds, isExcluded, signal: options.signal })
        : bestOfPool(
            region,
            acquisition,
            choices.filter((p) => !isExcluded(p)),
          );
    if (found === undefined) {
      notes.push(`Only ${k} of ${batch} points are left that have not been tried.`);
      break;
    }
    const x = encodePoints(space, [found.point]);
    const here = moments(fitted.model, x);
    const [mu, variance] = [here.mean[0] as number, here.variance[0] as number]; // one row
    expectedGain = Math.max(expectedGain, improvement(mu - best, Math.sqrt(variance)));
    suggestions.push({
      ...startSuggestion(options, found.point, acquisition.name),
      expected: await expectedAt(fitted, x, options.level ?? 0.9),
      acquisition: found.value,
      exploitShare: exploitShare(mu, variance, best),
      variables: variableShares(space, found.point, fitted.model),
    });
    chosen.push(found.point);
    taken.add(keyOf(found.point));
  }
  return { suggestions, notes, expectedGain, noiseStd: fitted.noiseStd };
}

function acquisitionOf(
  options: SuggestOptions,
  fitted: FittedOutcome,
  best: number,
  order: readonly number[],
  waiting: readonly Point[],
): Acquisition {
  const { space, method = "auto" } = options;
  const pending = waiting.length === 0 ? undefined : encodePoints(space, waiting);
  const isNoisy = method === "noisyExpectedImprovement";
  if (pending === undefined && !isNoisy) return logExpectedImprovement(fitted.model, best);
  const random = options.random.fork("joint");
  return logJointImprovement(fitted.model, {
    random,
    pending,
    ...(isNoisy ? { incumbents: leaders(fitted.x, order) } : { best }),
  });
}

/** Features of the tried points of largest mean. */
function leaders(x: FeatureMatrix, order: readonly number[]): FeatureMatrix {
  const rows = order.slice(0, INCUMBENTS);
  const data = new Float64Array(rows.length * x.columns);
  rows.forEach((row, k) => {
    data.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), k * x.columns);
  });
  return { ...x, rows: rows.length, data };
}

function bestOfPool(region: Region, acquisition: Acquisition, choices: readonly Point[]): Scored | undefined {
  return byValue(scorePoints(region, acquisition, choices))[0];
}

function startSuggestion({ space, observations }: SuggestOptions, point: Point, method: string): Suggestion {
  return {
    point,
    settings: settingsOf(space, point),
    expected: [],
    method,
    feasibleProbability: 1,
    nearest: nearestOf(space, point, observations.points),
    variables: [],
  };
}

/** Tells equal points. */
export function keyOf(point: Point): string {
  return point.join("|");
}
