import { DomainError, IncompatibleError } from "@materiome/core";
import { disturbedVariables } from "./disturbance.ts";
import type { SuggestMethod, SuggestOptions } from "./options.ts";

/** Methods that look for what is expected to be gained. */
const OF_IMPROVEMENT: readonly SuggestMethod[] = ["auto", "logExpectedImprovement", "expectedImprovement"];
/** What can be told of the mean under a disturbance: the others would need the joint posterior of many disturbed points. */
const OF_MEAN: readonly SuggestMethod[] = [
  ...OF_IMPROVEMENT,
  "noisyExpectedImprovement",
  "upperConfidenceBound",
  "specProbability",
  "parego",
];
const OF_WORST: readonly SuggestMethod[] = [...OF_IMPROVEMENT, "specProbability"];
/** Neither logarithms nor gains, so that dividing them by a cost means nothing. */
const NOT_PER_COST: readonly SuggestMethod[] = ["upperConfidenceBound", "maxValueEntropy", "thompsonSampling"];

/** True if the largest expected gain is what is looked for, so that the gain of what was found says how much is left. */
export function seeksGain({ method = "auto", disturbance }: SuggestOptions): boolean {
  return disturbance?.counts !== "worst" && [...OF_IMPROVEMENT, "noisyExpectedImprovement"].includes(method);
}

/**
 * Checks that the method goes with the other options.
 *
 * @throws DomainError for deviations without their method, or a specification to meet where there is none
 * @throws IncompatibleError for a method that knows neither costs nor disturbances; versions and disturbances at once
 * @throws DataError, DomainError for a disturbance that makes no sense
 */
export function checkMethod(options: SuggestOptions): void {
  const { method = "auto", deviations, cost, disturbance, constraints = [], observations, space } = options;
  if (deviations !== undefined) {
    if (method !== "upperConfidenceBound") {
      throw new DomainError(
        `suggest: deviations belong to the method "upperConfidenceBound", got the method "${method}"`,
      );
    }
    if (!(deviations >= 0 && Number.isFinite(deviations))) {
      throw new DomainError(`suggest: deviations must be a finite number of at least 0, got ${deviations}`);
    }
  }
  if (method === "specProbability" && constraints.length === 0 && observations.failed?.includes(1) !== true) {
    throw new DomainError(
      'suggest: the method "specProbability" needs something to meet: constraints on outcomes, got none; give at least one',
    );
  }
  if (cost !== undefined && NOT_PER_COST.includes(method)) {
    throw new IncompatibleError(
      `suggest: the method "${method}" cannot be divided by a cost; leave the cost out, or take an expected improvement`,
    );
  }
  if (options.referencePoint !== undefined && options.objectives.length === 1) {
    throw new IncompatibleError("suggest: a reference point is of several objectives, got one; leave it out");
  }
  if (disturbance === undefined) return;
  disturbedVariables(space, disturbance);
  if (options.fidelity !== undefined) {
    throw new IncompatibleError(
      "suggest: versions of an experiment are weighed at the settings as asked for, not under a disturbance; leave one of the two out, or name the version in fixed",
    );
  }
  const { counts = "mean" } = disturbance;
  const known = counts === "worst" ? OF_WORST : OF_MEAN;
  if (!known.includes(method)) {
    throw new IncompatibleError(
      `suggest: the method "${method}" does not know the ${counts} under a disturbance; take one of ${known.join(", ")}, or leave the disturbance out`,
    );
  }
}
