import { type Progress, type Random, shuffle } from "@materiome/core";
import type { Evaluate, Evaluated } from "../../search/evaluator.ts";
import { byProbability } from "../../search/selectDiverse.ts";
import { pointDistance } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { isAllowedPoint } from "../../space/violations.ts";
import { type Convergence, convergenceOf } from "./convergence.ts";
import { type Guess, interpolate } from "./interpolate.ts";
import { decodePlace, placeOf } from "./latent.ts";
import { moveKinds, propose } from "./moves.ts";
import type { SettingsSample } from "./settingsSample.ts";

export interface SampleSettingsOptions {
  readonly random: Random;
  /** Settings already predicted: chains start from those inside the domain, and none of them is predicted again. */
  readonly known: readonly Evaluated[];
  /** Most further settings that are predicted. */
  readonly maxEvaluations: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const CHAINS = 16;
const BURN_IN = 120;
/** Steps of the burn-in after which the guess is made anew. */
const RELEARN = 30;
/** Places that a guess is made from, and how many numbers they may be together: what a look-up costs. */
const MOST_PLACES = 2000;
const MOST_NUMBERS = 8000;
/** Steps that a proposal makes through the guess, and how often a plain step is proposed instead. */
const GUESSED_STEPS = 12;
const PLAIN = 0.1;
const FIRST_STEPS = 120;
const MOST_STEPS = 1800;
/** Fewer draws of a chain have no halves to compare. */
const LEAST_STEPS = 8;
/** Each with its cause in Vehtari et al. (2021), section 4: R̂ below 1.01 is asked for there, of chains far longer. */
const GOOD_R_HAT = 1.05;
const GOOD_SIZE = 400;

/**
 * Draws settings x from the posterior given that the specs are met, p(x | met) ∝ p(x) · P(met | x) · 1[x in bounds, constraints and
 * domain], with p(x) uniform over what the space allows (in the logarithm on log scales). P(met | x) is the model's predictive
 * probability, so its uncertainty widens the window.
 *
 * Metropolis sampling by 16 chains that step together, so that the model predicts them in one batch. They start at known settings far
 * from each other. A model of trees has many small heights with edges between them, on which small steps get nowhere. So most proposals walk
 * 12 steps through a guess of the probability that costs nothing, interpolated from what was predicted ({@link interpolate}), and are taken
 * with the probability min(1, P(y) g(x) / (P(x) g(y))), which makes up for every error of the guess g (J. A. Christen & C. Fox, J. Comput.
 * Graph. Stat. 14, 795 (2005), doi:10.1198/106186005X76983; the walk: J. S. Liu, Monte Carlo Strategies in Scientific Computing, Springer
 * 2001, section 9.4.3). All steps are symmetric ({@link propose}); those along differences use an archive that grows for 120 steps, which are
 * thrown away; the guess is learned anew four times within. Then both stay as they are. 120 steps are kept, and half as many again are added until R̂ ≤ 1.05 and 400 effective
 * draws for every variable, until there are 1800 (twice what the
 * budget would predict at every step, if that is more), or until the budget is spent. Deterministic for a seed.
 *
 * @returns undefined where no known setting inside the domain has a probability above 0, or the budget leaves fewer than 8 steps
 */
export async function sampleSettings(
  space: SearchSpace,
  evaluate: Evaluate,
  options: SampleSettingsOptions,
): Promise<SettingsSample | undefined> {
  const { random, known, maxEvaluations, onProgress } = options;
  const usable = known.filter((e) => e.inDomain && e.probability > 0);
  if (usable.length === 0) return undefined;
  const seen = new Map(known.map((e) => [e.point.join("|"), e]));
  const starts = farApart(space, usable, CHAINS);
  let places = Array.from({ length: CHAINS }, (_, c) => placeOf(space, (starts[c % starts.length] as Evaluated).point)); // not empty
  let current = Array.from({ length: CHAINS }, (_, c) => starts[c % starts.length] as Evaluated);
  const archive = starts.map((e) => placeOf(space, e.point));
  const kinds = moveKinds(space);
  let nEvaluated = 0;
  let nAccepted = 0;
  let nProposed = 0;

  let guess: Guess = () => 1;
  const learn = (stream: Random): void => {
    const all = [...seen.values()];
    const most = Math.min(MOST_PLACES, Math.max(CHAINS, Math.floor(MOST_NUMBERS / space.variables.length)));
    const chosen =
      all.length <= most ? all : Array.from(shuffle(all.length, stream).subarray(0, most), (i) => all[i] as Evaluated);
    const centres = chosen.map((e) => placeOf(space, e.point));
    guess = interpolate(
      centres,
      chosen.map((e) => (e.inDomain ? e.probability : 0)),
    );
  };
  const guessAt = (point: Float64Array): number => guess(placeOf(space, point));
  /** A walk through the guess, reversible for it. */
  const walk = (from: Float64Array, stream: Random): Float64Array => {
    let place = from;
    let here = guessAt(decodePlace(space, place));
    for (let k = 0; k < GUESSED_STEPS; k++) {
      const next = propose(space, kinds, place, archive, stream);
      const u = stream.next();
      const point = decodePlace(space, next);
      if (!isAllowedPoint(space, point)) continue;
      const there = guessAt(point);
      if (u * here < there) [place, here] = [next, there];
    }
    return place;
  };

  const step = async (stream: Random): Promise<void> => {
    const isPlain = places.map(() => stream.next() < PLAIN);
    const proposed = places.map((place, c) =>
      isPlain[c] === true ? propose(space, kinds, place, archive, stream) : walk(place, stream),
    );
    const points = proposed.map((place) => decodePlace(space, place));
    const keys = points.map((point) => point.join("|"));
    const fresh = new Map<string, Float64Array>();
    points.forEach((point, c) => {
      const key = keys[c] ?? "";
      if (!seen.has(key) && !fresh.has(key) && isAllowedPoint(space, point)) fresh.set(key, point);
    });
    const results = await evaluate([...fresh.values()]);
    nEvaluated += results.length;
    [...fresh.keys()].forEach((key, i) => {
      const result = results[i];
      if (result !== undefined) seen.set(key, result);
    });
    const next = [...current];
    places = places.map((place, c) => {
      const u = stream.next();
      const result = seen.get(keys[c] ?? "");
      const here = current[c] as Evaluated; // one per chain
      nProposed++;
      if (result === undefined || !result.inDomain) return place;
      const ratio = isPlain[c] === true ? 1 : guessAt(here.point) / guessAt(result.point);
      if (!(u * here.probability < result.probability * ratio)) return place;
      nAccepted++;
      next[c] = result;
      return proposed[c] ?? place;
    });
    current = next;
  };

  for (let t = 0; t < BURN_IN && 2 * nEvaluated < maxEvaluations; t++) {
    if (t % RELEARN === 0) learn(random.fork("guess").fork(t));
    await step(random.fork("burn-in").fork(t));
    if (t % 2 === 1) archive.push(...places);
    onProgress?.({ stage: "process window", done: nEvaluated, total: maxEvaluations });
  }
  learn(random.fork("guess").fork(BURN_IN));
  nAccepted = 0;
  nProposed = 0;
  const draws: Evaluated[][] = [];
  let convergence: readonly Convergence[] = [];
  // Steps to settings predicted before cost nothing, so a budget alone would not end the chains of a small space.
  const mostSteps = Math.max(MOST_STEPS, Math.ceil((2 * maxEvaluations) / CHAINS));
  for (let wanted = FIRST_STEPS; wanted <= mostSteps; wanted = Math.ceil(1.5 * wanted)) {
    while (draws.length < wanted && nEvaluated < maxEvaluations) {
      await step(random.fork("draw").fork(draws.length));
      draws.push(current);
    }
    onProgress?.({ stage: "process window", done: nEvaluated, total: maxEvaluations });
    if (draws.length < LEAST_STEPS) return undefined;
    convergence = convergenceOfDraws(space, draws);
    const isEnough = convergence.every((c) => c.rHat <= GOOD_R_HAT && c.effectiveSampleSize >= GOOD_SIZE);
    if (isEnough || nEvaluated >= maxEvaluations) break;
  }
  return { ...tally(draws), method: "markovChain", nEvaluated, acceptance: nAccepted / nProposed, convergence };
}

/** Most probable first, then always the farthest from those chosen: starts that are wider spread than what they will tell. */
function farApart(space: SearchSpace, usable: readonly Evaluated[], n: number): readonly Evaluated[] {
  const ranked = [...usable].sort(byProbability);
  const most = ranked[0]?.probability ?? 0;
  const pool = ranked.filter((e) => e.probability >= 0.02 * most);
  const nearest = new Float64Array(pool.length).fill(Number.POSITIVE_INFINITY);
  const chosen: Evaluated[] = [];
  let next = 0;
  while (chosen.length < Math.min(n, pool.length)) {
    const start = pool[next] as Evaluated; // next < pool.length
    chosen.push(start);
    pool.forEach((e, i) => {
      nearest[i] = Math.min(nearest[i] ?? 0, pointDistance(space, e.point, start.point));
    });
    next = nearest.reduce((best, d, i) => (d > (nearest[best] ?? 0) ? i : best), 0);
  }
  return chosen;
}

function convergenceOfDraws(space: SearchSpace, draws: readonly (readonly Evaluated[])[]): readonly Convergence[] {
  const chainsOf = (value: (e: Evaluated) => number): readonly Float64Array[] =>
    Array.from({ length: CHAINS }, (_, c) =>
      Float64Array.from(draws, (row) => {
        const e = row[c];
        return e === undefined ? Number.NaN : value(e);
      }),
    );
  const variables = space.variables.map((variable, j): Convergence => {
    const settingAt = (e: Evaluated): number => e.point[j] ?? Number.NaN;
    // Only ranks count: where the variable is inactive it is below all its values.
    if (variable.kind !== "category") {
      return convergenceOf(chainsOf((e) => (Number.isNaN(settingAt(e)) ? -Number.MAX_VALUE : settingAt(e))));
    }
    // Levels have no order: the worst of being each one of them.
    const found = new Set(draws.flatMap((row) => row.map(settingAt)));
    const each = [...found].map((level) => convergenceOf(chainsOf((e) => Number(Object.is(settingAt(e), level)))));
    return {
      rHat: Math.max(...each.map((c) => c.rHat)),
      effectiveSampleSize: Math.min(...each.map((c) => c.effectiveSampleSize)),
    };
  });
  return [...variables, convergenceOf(chainsOf((e) => e.probability))];
}

/** Distinct settings with the share of draws that fell on them. */
function tally(draws: readonly (readonly Evaluated[])[]): Pick<SettingsSample, "points" | "weights" | "nDraws"> {
  const counts = new Map<Evaluated, number>();
  for (const e of draws.flat()) counts.set(e, (counts.get(e) ?? 0) + 1);
  const nDraws = draws.length * CHAINS;
  return { points: [...counts.keys()], weights: Float64Array.from(counts.values(), (count) => count / nDraws), nDraws };
}
