import type { FeatureMatrix } from "@materiome/core";
import { thompsonSample } from "../acquisition/thompsonSample.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import { acquisitionFor, type Situation } from "./acquisitionFor.ts";
import { type Goal, logCostOf } from "./goal.ts";
import type { Knowledge } from "./knowledge.ts";
import { byValue, candidatesOf, maximise } from "./maximise.ts";
import type { OpenPoints } from "./openPoints.ts";
import type { SuggestOptions } from "./options.ts";
import { probablyFeasible } from "./probablyFeasible.ts";
import { drawPoints } from "./region.ts";
import { type Scored, scorePoints } from "./scored.ts";

/** Points that cover the region, for draws of functions. */
const COVER = 128;
const THOMPSON_CANDIDATES = 1000;

/** The point that is worth most next, and why. */
export interface Choice {
  readonly scored: Pick<Scored, "point"> & Partial<Scored>;
  readonly method: string;
  /** The acquisition for several objectives. */
  readonly ofFront: Situation["ofFront"];
}

/**
 * The open point that is worth most next.
 *
 * @param waiting - features of pending points and of those chosen before
 * @param index - place in the batch
 * @returns undefined where nothing is left
 */
export async function chooseNext(
  options: SuggestOptions,
  known: Knowledge,
  open: OpenPoints,
  waiting: FeatureMatrix,
  index: number,
): Promise<Choice | undefined> {
  const { space, random, method, signal } = options;
  const { region } = open;
  const stream = random.fork("point").fork(index);
  const situation: Situation = {
    ...known,
    waiting,
    ofFront: await known.front?.acquisition(waiting, index),
    cover: encodePoints(space, open.pool?.slice(0, COVER) ?? drawPoints(region, COVER, stream.fork("cover"))),
    random,
  };
  const { ofFront } = situation;
  const left = open.pool?.filter(open.isOpen);
  if (method === "thompsonSampling") {
    const candidates = left ?? candidatesOf(region, known.seeds, stream).filter(open.isOpen);
    return bestOfDraw(options, situation, candidates);
  }
  const goal: Goal = {
    acquisition: acquisitionFor(options, situation),
    logCost: options.cost === undefined ? undefined : logCostOf(space, options.cost),
  };
  const scored =
    left === undefined
      ? maximise(region, goal, {
          seeds: known.seeds,
          isExcluded: (point) => !open.isOpen(point),
          random: stream,
          signal,
        })
      : byValue(scorePoints(region, goal, left))[0];
  const { name } = goal.acquisition;
  return scored && { scored, method: goal.logCost === undefined ? name : `${name} per cost`, ofFront };
}

/** The best point of one drawn function among the candidates that are probably feasible. */
function bestOfDraw(
  { space, random }: SuggestOptions,
  { outcomes, model, waiting, ofFront }: Situation,
  candidates: readonly Point[],
): Choice | undefined {
  const possible = probablyFeasible(space, candidates, outcomes.feasible).slice(0, THOMPSON_CANDIDATES);
  if (possible.length === 0) return undefined;
  const stream = random.fork("Thompson").fork(waiting.rows);
  const [row] = thompsonSample(model, encodePoints(space, possible), 1, stream);
  const point = possible[row ?? 0] as Point; // there is one
  return { scored: { point }, method: "Thompson sampling", ofFront };
}
