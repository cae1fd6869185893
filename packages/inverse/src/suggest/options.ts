import type { AbortLike, Progress, Random } from "@materiome/core";
import type { Objective } from "../objective/objective.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace, Setting } from "../space/searchSpace.ts";
import type { Spec } from "../spec/spec.ts";
import type { SurrogateLearner } from "../surrogate/surrogate.ts";
import type { Observations, Suggestion } from "./suggestion.ts";

/** How a point is judged; see the acquisition functions of the same names. */
export type SuggestMethod = "auto" | "logExpectedImprovement" | "noisyExpectedImprovement";

export interface SuggestOptions {
  readonly space: SearchSpace;
  readonly observations: Observations;
  /** At least one. */
  readonly objectives: readonly Objective[];
  /** On outcomes, by `target` = name of an outcome. @defaultValue none */
  readonly constraints?: readonly Spec[] | undefined;
  /** One surrogate for each outcome is learned with it. */
  readonly learner: SurrogateLearner;
  /** How many points to propose, to be tried together. @defaultValue 1 */
  readonly batch?: number | undefined;
  /** @defaultValue "auto": log expected improvement; noisy expected improvement where measurements scatter */
  readonly method?: SuggestMethod | undefined;
  /** Variables held at these values in this batch (shared settings that are hard to change, context). @defaultValue none */
  readonly fixed?: readonly Setting[] | undefined;
  /** Variables in which all points of the batch agree (one furnace run, many specimens). @defaultValue none */
  readonly sharedInBatch?: readonly string[] | undefined;
  /** Only these points may be proposed, each once. @defaultValue every point of the space */
  readonly pool?: readonly Point[] | undefined;
  /** Points of the space-filling start, told and pending ones included. @defaultValue variables + 1, at least 4, at most 20 */
  readonly nInitial?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Whether points that were tried may be proposed again, to learn about noise. @defaultValue false */
  readonly allowReplicates?: boolean | undefined;
  readonly random: Random;
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface SuggestResult {
  /** Fewer than asked for only where a pool or a finite space has nothing left. */
  readonly suggestions: readonly Suggestion[];
  /** What the reader should know: start design, results all equal, nothing left. */
  readonly notes: readonly string[];
  /** Largest expected improvement among the suggestions in the unit of the objective, for stop rules. */
  readonly expectedGain?: number | undefined;
  /** Standard deviation of a measurement of the objective, as the surrogate learned it. */
  readonly noiseStd?: number | undefined;
}
