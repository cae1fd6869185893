import type { FeatureMatrix } from "@materiome/core";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import { moments } from "../surrogate/moments.ts";
import { chooseFidelity, type FidelityLevel, fidelityLevels, logGainOver } from "./chooseFidelity.ts";
import { chooseNext } from "./chooseNext.ts";
import { explainChoice } from "./explainChoice.ts";
import type { Knowledge } from "./knowledge.ts";
import type { OpenPoints } from "./openPoints.ts";
import type { SuggestOptions } from "./options.ts";
import { roundPoint } from "./roundPoint.ts";
import type { Suggestion } from "./suggestion.ts";

export interface Batch {
  readonly suggestions: readonly Suggestion[];
  /** Expected gain of each; without those of which none can be told. */
  readonly gains: readonly number[];
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/** Chooses one point after the other, each knowing those before it and all pending ones. */
export async function chooseBatch(options: SuggestOptions, known: Knowledge, open: OpenPoints): Promise<Batch> {
  const { space, observations, batch = 1 } = options;
  const suggestions: Suggestion[] = [];
  const gains: number[] = [];
  const notes: string[] = [];
  for (let k = 0; k < batch; k++) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: "suggest", done: k, total: batch });
    const chosen = suggestions.map(({ point }) => point);
    const waiting = encodePoints(space, [...observations.pending, ...chosen]);
    const choice = await chooseNext(options, known, open, waiting, k);
    if (choice === undefined) {
      notes.push(`Only ${k} of ${batch} points are left that have not been tried.`);
      break;
    }
    const exact = choice.scored.point;
    // Of a pool only its own points are there.
    const point = open.pool === undefined ? roundPoint(space, exact, open.isOpen) : exact;
    const version = versionOf(options, known, open, point, waiting);
    const { suggestion, gain } = await explainChoice(options, known, choice, point, version);
    suggestions.push(suggestion);
    if (gain !== undefined) gains.push(gain);
    open.take(point, suggestion.point);
  }
  return { suggestions, gains, notes };
}

/** The version in which a point is measured; as it is without fidelities. */
function versionOf(
  { space, fidelity }: SuggestOptions,
  { outcomes, best, front }: Knowledge,
  open: OpenPoints,
  point: Point,
  waiting: FeatureMatrix,
): { readonly point: Point; readonly level: FidelityLevel | undefined } {
  if (fidelity === undefined) return { point, level: undefined };
  // What is pending has, for all that is known, the value that is expected of it; what it will tell is known already.
  const measured = outcomes.objectives.map(({ model, noiseStd = 0 }) => ({
    model: waiting.rows === 0 ? model : model.condition(waiting, moments(model, waiting).mean),
    noiseVariance: noiseStd ** 2,
  }));
  return chooseFidelity(space, measured, point, {
    fidelity: fidelityLevels(space, fidelity),
    logGain: front === undefined ? logGainOver(best) : front.logGainOfLearning,
    isExcluded: (version) => !open.isMeasurable(version),
  });
}
