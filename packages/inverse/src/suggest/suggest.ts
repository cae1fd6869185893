import { DomainError, type FeatureMatrix, IncompatibleError, type RunContext } from "@materiome/core";
import { improvement } from "../acquisition/expectedImprovement.ts";
import { thompsonSample } from "../acquisition/thompsonSample.ts";
import { encodePoints } from "../space/encodePoints.ts";
import { type Point, settingsOf } from "../space/points.ts";
import { moments } from "../surrogate/moments.ts";
import { averagedModel } from "../surrogate/robustModel.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { acquisitionFor, type Situation } from "./acquisitionFor.ts";
import { checkSuggest } from "./checkSuggest.ts";
import { chooseFidelity, type FidelityLevels, fidelityLevels } from "./chooseFidelity.ts";
import { offsetsOf } from "./disturbance.ts";
import { exploitShare, nearestOf, variableShares } from "./explain.ts";
import { expectedAt, measuredRows, measuredValues } from "./fitOutcome.ts";
import { createFrontSearch } from "./frontSearch.ts";
import { type Goal, logCostOf } from "./goal.ts";
import { byValue, candidatesOf, maximise } from "./maximise.ts";
import type { SuggestOptions, SuggestResult } from "./options.ts";
import { feasibleRows, fitOutcomes, type Outcomes, successOf } from "./outcomes.ts";
import { drawPoints, holdSettings, isInRegion, type Region } from "./region.ts";
import { roundPoint } from "./roundPoint.ts";
import { type Scored, scorePoints } from "./scored.ts";
import { startPoints } from "./startPoints.ts";
import type { Suggestion } from "./suggestion.ts";
import { trustRegionBox, trustRegionState } from "./trustRegion.ts";

const START_DRAWS = 512;
const COVER = 128;
const THOMPSON_CANDIDATES = 1000;
/** Variables above which the search keeps to a trust region: Gaussian processes know little of so many at once. */
const TRUST_REGION_ABOVE = 20;

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
  const { space, observations, objectives, constraints = [], random, batch = 1, fixed = [] } = options;
  const { points, pending } = observations;
  const [objective] = objectives;
  if (objective === undefined) throw new DomainError("suggest: there is no objective");
  const notes: string[] = [];
  let region: Region = { space, held: holdSettings(space, fixed) };
  const taken = new Set((options.allowReplicates === true ? pending : [...points, ...pending]).map(keyOf));
  const choices = options.pool?.filter((point) => isInRegion(region, point) && !taken.has(keyOf(point)));
  if (choices !== undefined && choices.length === 0) {
    return { suggestions: [], notes: ["Nothing is left: every point of the pool has been tried or is pending."] };
  }

  const sign = objective.direction === "maximize" ? 1 : -1;
  const nInitial = options.nInitial ?? Math.min(20, Math.max(4, space.variables.length + 1));
  const column = observations.outcomes.indexOf(objective.name);
  const resultOf = (i: number): number =>
    sign * (observations.values.data[i * observations.outcomes.length + column] as number);
  const usesTrustRegion =
    options.trustRegion ??
    (objectives.length === 1 && space.variables.length > TRUST_REGION_ABOVE && choices === undefined);
  const state = usesTrustRegion
    ? trustRegionState(
        Float64Array.from(points, (_, i) => (observations.failed?.[i] === 1 ? Number.NaN : resultOf(i))),
        space.variables.length,
        nInitial,
      )
    : undefined;
  const flat = objectives.find(({ name }) => new Set(measuredValues(observations, name)).size < 2);
  const nFlat = flat === undefined ? 0 : measuredRows(observations, flat.name).length;
  const unmeasured = constraints.find(({ target }) => measuredRows(observations, target).length < 2);
  const nStart = (state?.told ?? points.length) + pending.length;
  const isSilent = state !== undefined && state.from > 0 && !state.hasValue;
  if (flat !== undefined || unmeasured !== undefined || nStart < nInitial || isSilent) {
    if (nFlat >= 2) {
      notes.push(
        `All ${nFlat} results of "${flat?.name}" are equal, so nothing says where to go: points far from the tried ones are proposed.`,
      );
    } else if (unmeasured !== undefined && nStart >= nInitial) {
      notes.push(
        `Outcome "${unmeasured.target}" has fewer than 2 results: points far from the tried ones are proposed.`,
      );
    } else if (isSilent && nStart >= nInitial) {
      notes.push(
        `None of the ${state.told} points of the new trust region gave a result: points far from the tried ones are proposed.`,
      );
    } else {
      notes.push(
        `Space-filling start${state !== undefined && state.from > 0 ? " of a new trust region" : ""}: ${nStart} of ${nInitial} points are told or pending.`,
      );
    }
    return { suggestions: startSuggestions(options, region, choices, taken, notes), notes };
  }

  const run: RunContext = { ...options, random: random.fork("surrogate") };
  const encoded = encodePoints(space, points);
  const outcomes = await fitOutcomes(objectives, constraints, encoded, observations, options.learner, run);
  const fitted = outcomes.objectives[0];
  if (fitted === undefined) throw new DomainError("suggest: no objective was learned");
  const offsets =
    options.disturbance === undefined
      ? undefined
      : offsetsOf(space, encoded.features, options.disturbance, random.fork("disturbance"));
  const isWorst = options.disturbance?.counts === "worst";
  const model = offsets === undefined || isWorst ? fitted.model : averagedModel(fitted.model, offsets);
  const { mean } = moments(model, fitted.x);
  const isFeasible = feasibleRows(outcomes, fitted.x);
  const pointOf = (k: number): Point => points[fitted.rows[k] as number] as Point; // k < rows
  const given = new Map([...region.held].filter(([j]) => options.context?.includes(space.variables[j]?.name ?? "")));
  const isGivenRow = (row: number): boolean => [...given].every(([j, value]) => points[row]?.[j] === value);
  const isGiven = (k: number): boolean => isGivenRow(fitted.rows[k] as number); // k < rows
  const hasGiven = [...mean.keys()].some(isGiven);
  if (!hasGiven) notes.push("Nothing was tried yet under what is given: the best so far is that of other conditions.");
  const counts = (k: number): boolean =>
    (state === undefined || (fitted.rows[k] as number) >= state.from) && (isGiven(k) || !hasGiven);
  const ranked = [...mean.keys()].filter(counts).sort((a, b) => (mean[b] as number) - (mean[a] as number));
  const order = [...ranked.filter((k) => isFeasible[k] === true), ...ranked.filter((k) => isFeasible[k] !== true)];
  const front =
    objectives.length > 1
      ? createFrontSearch(options, outcomes, { encoded, run, counts: (row) => !hasGiven || isGivenRow(row) })
      : undefined;
  notes.push(...(front?.notes ?? []));
  const best = front?.hasFront === false ? undefined : ranked.find((k) => isFeasible[k] === true);
  if (best === undefined) notes.push("No tried point probably meets all constraints: the search is for one that does.");
  const seeds = front?.order.map((row) => points[row] as Point) ?? order.map(pointOf); // rows of the points
  const [leader] = seeds;
  if (state !== undefined && leader !== undefined) {
    const centre = isInRegion(region, leader) ? leader : nearestAllowed(region, leader, options);
    region = { ...region, box: trustRegionBox(space, fitted.model, ranked.map(pointOf), centre, state.length) };
    notes.push(`Trust region of side ${Number(state.length.toPrecision(3))} around the best point.`);
  }

  const fidelity = options.fidelity === undefined ? undefined : fidelityLevels(space, options.fidelity);
  const logCost = options.cost === undefined ? undefined : logCostOf(space, options.cost);
  const suggestions: Suggestion[] = [];
  const chosen: Point[] = [];
  let expectedGain = 0;
  for (let k = 0; k < batch; k++) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: "suggest", done: k, total: batch });
    const stream = random.fork("point").fork(k);
    const waiting = encodePoints(space, [...pending, ...chosen]);
    const situation: Situation = {
      outcomes,
      objective: fitted,
      model,
      best: best === undefined ? undefined : (mean[best] as number),
      order,
      waiting,
      ofFront: await front?.acquisition(waiting, k),
      cover: encodePoints(space, choices?.slice(0, COVER) ?? drawPoints(region, COVER, stream.fork("cover"))),
      worstOf: isWorst ? offsets : undefined,
      random,
    };
    const isExcluded = (point: Point): boolean => taken.has(keyOf(point)) || !isInRegion(region, point);
    const left = choices?.filter((point) => !isExcluded(point));
    const found =
      options.method === "thompsonSampling"
        ? drawBest(situation, region, left ?? candidatesOf(region, seeds, stream).filter((p) => !isExcluded(p)))
        : await nextPoint(options, situation, region, left, { seeds, isExcluded, random: stream, logCost });
    if (found === undefined) {
      notes.push(`Only ${k} of ${batch} points are left that have not been tried.`);
      break;
    }
    // Of a pool only its own points are there.
    const { point: exact } = found.scored;
    const point = choices === undefined ? roundPoint(space, exact, (other) => !isExcluded(other)) : exact;
    const x = encodePoints(space, [point]);
    const here = moments(model, x);
    const [mu, variance] = [here.mean[0] as number, here.variance[0] as number]; // one row
    const bar = situation.best;
    const feasibleProbability = Math.exp(outcomes.feasible?.value(x)[0] ?? 0);
    if (bar !== undefined)
      expectedGain = Math.max(expectedGain, feasibleProbability * improvement(mu - bar, Math.sqrt(variance)));
    const version =
      fidelity === undefined
        ? undefined
        : chooseFidelity(space, conditioned(fitted.model, waiting), point, {
            fidelity,
            best: bar,
            noiseVariance: (fitted.noiseStd ?? 0) ** 2,
            isExcluded: (other) => taken.has(keyOf(other)),
          });
    const asked = version?.point ?? point;
    const method =
      version?.level === undefined
        ? found.method
        : `${found.method}; ${options.fidelity?.name} = ${version.level.level} gains most per cost`;
    suggestions.push({
      ...startSuggestion(options, asked, method),
      expected: await expectedOf(
        outcomes,
        version === undefined ? x : encodePoints(space, [asked]),
        options.level ?? 0.9,
      ),
      acquisition: found.scored.value,
      exploitShare: bar === undefined ? undefined : exploitShare(mu, variance, bar),
      feasibleProbability,
      variables: variableShares(space, point, fitted.model),
      ...front?.explain(point, situation.ofFront),
    });
    chosen.push(asked);
    taken.add(keyOf(asked));
    if (k === 0) region = { ...region, held: heldWith(options, region, point) };
  }
  if (front !== undefined) {
    const gains = suggestions.flatMap(({ point, feasibleProbability }) => {
      const gain = front.gainAt(point);
      return gain === undefined ? [] : [feasibleProbability * gain];
    });
    const noiseGain = front.noiseGain(options.noiseStd ?? {});
    if (gains.length === 0) return { suggestions, notes };
    return { suggestions, notes, expectedGain: gains.reduce((a, b) => Math.max(a, b)), noiseGain };
  }
  return { suggestions, notes, expectedGain: best === undefined ? undefined : expectedGain, noiseStd: fitted.noiseStd };
}

/** What is pending has, for all that is known, the value that is expected of it; what it will tell is known already. */
function conditioned(model: SurrogateModel, waiting: FeatureMatrix): SurrogateModel {
  return waiting.rows === 0 ? model : model.condition(waiting, moments(model, waiting).mean);
}

interface Found {
  readonly scored: Scored;
  readonly method: string;
}

async function nextPoint(
  options: SuggestOptions,
  situation: Situation,
  region: Region,
  left: readonly Point[] | undefined,
  search: Parameters<typeof maximise>[2] & { readonly logCost: Goal["logCost"] },
): Promise<Found | undefined> {
  const acquisition = acquisitionFor(options, situation);
  const { logCost } = search;
  if (logCost !== undefined && !acquisition.isLog) {
    throw new IncompatibleError(
      `suggest: "${acquisition.name}" is no logarithm and cannot be divided by a cost; take another method`,
    );
  }
  const goal: Goal = { acquisition, logCost };
  const scored =
    left === undefined
      ? maximise(region, goal, { ...search, signal: options.signal })
      : byValue(scorePoints(region, goal, left))[0];
  const name = logCost === undefined ? acquisition.name : `${acquisition.name} per cost`;
  return scored === undefined ? undefined : { scored, method: name };
}

/** The best point of one drawn function among candidates of which half or more (or the likeliest) are feasible. */
function drawBest(situation: Situation, region: Region, candidates: readonly Point[]): Found | undefined {
  const { outcomes, model, random, waiting } = situation;
  const x = encodePoints(region.space, candidates);
  const logs = outcomes.feasible?.value(x);
  const bar = Math.min(-Math.LN2, logs?.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) ?? 0);
  const possible = candidates.filter((_, i) => (logs?.[i] ?? 0) >= bar).slice(0, THOMPSON_CANDIDATES);
  if (possible.length === 0) return undefined;
  const stream = random.fork("Thompson").fork(waiting.rows);
  const [row] = thompsonSample(model, encodePoints(region.space, possible), 1, stream);
  const point = possible[row ?? 0] as Point; // there is one
  return { scored: { point, value: Number.NaN }, method: "Thompson sampling" };
}

async function expectedOf(outcomes: Outcomes, x: FeatureMatrix, level: number): Promise<Suggestion["expected"]> {
  const all = [];
  for (const outcome of [...outcomes.objectives, ...outcomes.others])
    all.push(...(await expectedAt(outcome, x, level)));
  return all;
}

/** The point in the version that is held. */
function atVersion(point: Point, { held }: Region, index: number): Point {
  const moved = Float64Array.from(point);
  moved[index] = held.get(index) ?? Number.NaN;
  return moved;
}

/**
 * In which version a point of a start is measured: the first of three in the one that counts, the second repeats its place in the
 * cheapest, the third is a new place in the cheapest. Only places measured in both tell how versions go together (nested designs: M. C. Kennedy & A.
 * O'Hagan, Biometrika 87, 1 (2000), doi:10.1093/biomet/87.1.1).
 */
function startVersion(
  point: Point,
  region: Region,
  start: { readonly fidelity: FidelityLevels; readonly tried: readonly Point[]; readonly taken: ReadonlySet<string> },
): Point {
  const { fidelity, tried, taken } = start;
  const turn = tried.length % 3;
  if (turn === 0) return point;
  const cheapest = fidelity.levels.reduce((a, b) => (b.cost < a.cost ? b : a)).value;
  const cheap = (place: Point): Point => place.map((value, j) => (j === fidelity.index ? cheapest : value));
  const last = tried.at(-1);
  const isRepeat = turn === 1 && last !== undefined && isInRegion(region, last) && !taken.has(keyOf(cheap(last)));
  return cheap(isRepeat ? last : point);
}

/** A space-filling batch, of points where experiments probably work. */
function startSuggestions(
  options: SuggestOptions,
  start: Region,
  choices: readonly Point[] | undefined,
  taken: Set<string>,
  notes: string[],
): Suggestion[] {
  const { space, observations, random, batch = 1 } = options;
  const success = successOf(encodePoints(space, observations.points), observations);
  const fidelity = options.fidelity === undefined ? undefined : fidelityLevels(space, options.fidelity);
  const suggestions: Suggestion[] = [];
  const tried = [...observations.points, ...observations.pending];
  let region = start;
  for (let k = 0; k < batch; k++) {
    const candidates = (choices ?? drawPoints(region, START_DRAWS, random.fork("start").fork(k))).filter(
      (point) => !taken.has(keyOf(point)) && isInRegion(region, point),
    );
    const logs = success?.value(encodePoints(space, candidates));
    const bar = Math.min(-Math.LN2, logs?.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) ?? 0);
    const possible = candidates.filter((_, i) => (logs?.[i] ?? 0) >= bar);
    // A point that was measured in any version is no new place.
    const places = fidelity === undefined ? tried : tried.map((other) => atVersion(other, region, fidelity.index));
    const [exact] = startPoints(space, possible, places, 1, random.fork("choose").fork(k));
    if (exact === undefined) {
      notes.push(`Only ${k} of ${batch} points are left.`);
      break;
    }
    const isFree = (other: Point): boolean => !taken.has(keyOf(other)) && isInRegion(region, other);
    const point = choices === undefined ? roundPoint(space, exact, isFree) : exact;
    const asked = fidelity === undefined ? point : startVersion(point, region, { fidelity, tried, taken });
    const log = success?.value(encodePoints(space, [asked]))[0] ?? 0;
    const method = choices === undefined ? "Sobol start" : "space-filling start";
    suggestions.push({ ...startSuggestion(options, asked, method), feasibleProbability: Math.exp(log) });
    tried.push(asked);
    taken.add(keyOf(asked));
    if (k === 0) region = { ...region, held: heldWith(options, region, point) };
  }
  return suggestions;
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

/** What is held, and from the first point of a batch on what all its points share. */
function heldWith({ space, sharedInBatch = [] }: SuggestOptions, { held }: Region, first: Point): Region["held"] {
  const shared = space.variables.flatMap(({ name }, j): [number, number][] =>
    sharedInBatch.includes(name) && !Number.isNaN(first[j] as number) ? [[j, first[j] as number]] : [],
  );
  return new Map([...held, ...shared]);
}

/** The point of the region nearest to one outside. */
function nearestAllowed(region: Region, point: Point, { random }: SuggestOptions): Point {
  const drawn = drawPoints(region, START_DRAWS, random.fork("nearest"));
  const row = nearestOf(region.space, point, drawn)?.row ?? 0;
  return drawn[row] as Point; // drawPoints gives some or throws
}

/** Tells equal points. */
export function keyOf(point: Point): string {
  return point.join("|");
}
