import type { AbortLike, Progress, Random } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import type { Objective } from "../objective/objective.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace, Setting } from "../space/searchSpace.ts";
import type { Spec } from "../spec/spec.ts";
import type { SurrogateLearner } from "../surrogate/surrogate.ts";
import type { Observations, Suggestion } from "./suggestion.ts";

/**
 * How a point is judged:
 *
 * - `logExpectedImprovement`, `expectedImprovement` (the same choices on another scale): over the best posterior mean so far;
 * - `noisyExpectedImprovement`: over the values of the best tried points, which are drawn, as their measurements scatter;
 * - `upperConfidenceBound`: mean + `deviations` × deviation; with 1 it finds many good points of a pool sooner than the improvement over
 *   the best alone does (benchmarks/README.md);
 * - `specProbability`: the probability of meeting all `constraints`, whatever the objective;
 * - `thompsonSampling`: the best point of a function drawn from the posterior;
 * - `knowledgeGradient`: how much the largest posterior mean is expected to rise;
 * - `maxValueEntropy`: what the result would tell about the largest value.
 *
 * For several objectives: `auto` or `logExpectedImprovement`, of the hypervolume of their Pareto front (up to four);
 * `noisyExpectedImprovement`, the same with front outcomes drawn; `parego`, random weights.
 */
export type SuggestMethod =
  | "auto"
  | "logExpectedImprovement"
  | "expectedImprovement"
  | "noisyExpectedImprovement"
  | "upperConfidenceBound"
  | "specProbability"
  | "thompsonSampling"
  | "knowledgeGradient"
  | "maxValueEntropy"
  | "parego";

/** What may differ between a setting that is asked for and what happens. */
export interface Disturbance {
  /**
   * Standard deviation of a variable in its unit (on a log scale: as a share of its value), by name. Of an amount of a mixture it is the error of
   * weighing it out, and what is on the balance then makes up the whole. Numbers with a step, whole numbers and ordinals scatter between their
   * values; categories cannot be disturbed.
   */
  readonly deviations: Readonly<Record<string, number>>;
  /** What counts: the mean over the disturbed settings or the worst of them. @defaultValue "mean" */
  readonly counts?: "mean" | "worst" | undefined;
  /** Disturbed settings looked at for each point. @defaultValue 16 */
  readonly samples?: number | undefined;
}

export interface SuggestOptions {
  readonly space: SearchSpace;
  readonly observations: Observations;
  /** At least one. */
  readonly objectives: readonly Objective[];
  /**
   * On outcomes, by `target` = name of an outcome. What must keep them is the function without the noise of a test, at the settings as asked
   * for or, with a `disturbance`, at all of the disturbed ones: tests scatter around it, so ask for a margin where each single one must
   * pass. @defaultValue none
   */
  readonly constraints?: readonly Spec[] | undefined;
  /** One surrogate for each outcome is learned with it. */
  readonly learner: SurrogateLearner;
  /** How many points to propose, to be tried together. @defaultValue 1 */
  readonly batch?: number | undefined;
  /** @defaultValue "auto": log expected improvement, for batches and pending points jointly */
  readonly method?: SuggestMethod | undefined;
  /** Of `upperConfidenceBound`: how many deviations above the mean, at least 0. @defaultValue 2 */
  readonly deviations?: number | undefined;
  /**
   * How points of a batch (and pending ones) keep apart: by their joint posterior, or by a penalty around each. The methods that
   * have no joint form (confidence bound, knowledge gradient, entropy) take the penalty. @defaultValue "joint"
   */
  readonly batchMethod?: "joint" | "localPenalty" | undefined;
  /**
   * For several objectives: the worst outcome that still counts, in units and order of `objectives`. Name it where progress is
   * followed by hypervolume. @defaultValue a tenth of the front's range beyond its worst values
   */
  readonly referencePoint?: readonly number[] | undefined;
  /** Variables held at these values in this batch (shared settings that are hard to change, context). @defaultValue none */
  readonly fixed?: readonly Setting[] | undefined;
  /**
   * Names among `fixed` that are given rather than chosen: the heat in hand, the method that counts. Points with another value teach, and
   * are not the best so far. @defaultValue none
   */
  readonly context?: readonly string[] | undefined;
  /** Variables in which all points of the batch agree (one furnace run, many specimens). @defaultValue none */
  readonly sharedInBatch?: readonly string[] | undefined;
  /** Only these points may be proposed, each once; with `fidelity` each version that can be had is a point of its own. @defaultValue every point of the space */
  readonly pool?: readonly Point[] | undefined;
  /** Points of the space-filling start, told and pending ones included. @defaultValue variables + 1, at least 4, at most 20 */
  readonly nInitial?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Whether points that were tried may be proposed again, to learn about noise. @defaultValue false */
  readonly allowReplicates?: boolean | undefined;
  /**
   * What an experiment costs: an expression of the inputs, or a function of the point; above 0. The improvement per cost is
   * maximised. @defaultValue all cost the same
   */
  readonly cost?: string | ((point: Point) => number) | undefined;
  /**
   * Standard deviation of one measurement, by outcome, where it is known better than the surrogates see it (replicates): for
   * `noiseGain`. @defaultValue as the surrogates see it
   */
  readonly noiseStd?: Readonly<Record<string, number>> | undefined;
  /**
   * Versions of the experiment and their costs; the variable is held (`fixed`, `context`) at the one that counts. Each point is proposed in the
   * version that gains most per cost; of a space-filling start every third in the one that counts, its place once more in the cheapest, and another
   * place in the cheapest. Of a pool only versions that it lists. For up to four objectives. @defaultValue none: all are measured as held
   */
  readonly fidelity?: Fidelity | undefined;
  /**
   * Settings are not met exactly: the mean or the worst case under disturbance is optimised, by the expected improvement of either (of several
   * objectives, up to four for the worst cases, that of hypervolume); the mean also by its noisy version and confidence bound. `specProbability` is of constraints under it. Without
   * `fidelity`. @defaultValue they are
   */
  readonly disturbance?: Disturbance | undefined;
  /** Whether the search stays in a trust region (TuRBO-1) around the best point. @defaultValue above 20 variables, without a pool */
  readonly trustRegion?: boolean | undefined;
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
  /**
   * Largest expected improvement among the suggestions, for stop rules: in the unit of the objective; of several (up to four) in hypervolume, the
   * product of their units. Undefined for methods that look for something else: what they find says nothing about how much is left to gain.
   */
  readonly expectedGain?: number | undefined;
  /** With several objectives: what the noise of a measurement alone would seem to gain in hypervolume, at the point of the front where it is most. */
  readonly noiseGain?: number | undefined;
  /** Standard deviation of a measurement of the objective, as the surrogate learned it. */
  readonly noiseStd?: number | undefined;
}
