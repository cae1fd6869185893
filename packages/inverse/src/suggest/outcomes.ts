import type { FeatureMatrix, RunContext } from "@materiome/core";
import type { Acquisition, DifferentiableAcquisition } from "../acquisition/acquisition.ts";
import { sumOfLogs } from "../acquisition/combine.ts";
import { specProbability } from "../acquisition/specProbability.ts";
import { learnSuccess } from "../feasibility/successClassifier.ts";
import type { Objective } from "../objective/objective.ts";
import { signOf } from "../objective/signOf.ts";
import { limitsOf } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import type { SurrogateLearner } from "../surrogate/surrogate.ts";
import { type FittedOutcome, fitOutcome } from "./fitOutcome.ts";
import type { Observations } from "./suggestion.ts";

/** Surrogates of everything that counts. */
export interface Outcomes {
  readonly objectives: readonly FittedOutcome[];
  /** Outcomes that only constraints name. */
  readonly others: readonly FittedOutcome[];
  /** Logarithm of the probability that the experiment works and meets all constraints; undefined where nothing may go wrong. */
  readonly feasible: Acquisition | undefined;
}

/**
 * Learns one surrogate for each objective and each constrained outcome, and where experiments fail.
 *
 * @param encoded - features of all points of the observations
 * @throws InfeasibleError if constraints on one outcome exclude each other
 */
export async function fitOutcomes(
  objectives: readonly Objective[],
  constraints: readonly Spec[],
  encoded: FeatureMatrix,
  observations: Observations,
  learner: SurrogateLearner,
  run: RunContext,
): Promise<Outcomes> {
  const fitted: FittedOutcome[] = [];
  for (const objective of objectives) {
    const { name, unit } = objective;
    const sign = signOf(objective);
    const own = { ...run, random: run.random.fork(name) };
    fitted.push(await fitOutcome({ name, unit, sign }, encoded, observations, learner, own));
  }
  const others: FittedOutcome[] = [];
  const terms: DifferentiableAcquisition[] = [];
  const limits = limitsOf(constraints, observations.outcomes);
  for (const { target: name, low, high } of limits) {
    let outcome = fitted.find((objective) => objective.name === name);
    if (outcome === undefined) {
      const unit = constraints.find(({ target }) => target === name)?.unit ?? "";
      const own = { ...run, random: run.random.fork(name) };
      outcome = await fitOutcome({ name, unit, sign: 1 }, encoded, observations, learner, own);
      others.push(outcome);
    }
    terms.push(specProbability(outcome.model, outcome.sign === 1 ? { low, high } : { low: -high, high: -low }));
  }
  const success = successOf(encoded, observations);
  if (success !== undefined) terms.push(success);
  return { objectives: fitted, others, feasible: terms.length === 0 ? undefined : sumOfLogs(terms) };
}

/** Where experiments work; undefined where none failed, or all did. */
export function successOf(encoded: FeatureMatrix, { failed }: Observations): DifferentiableAcquisition | undefined {
  const worked = failed?.map((f) => 1 - f);
  if (worked === undefined || worked.every((w) => w === 1) || worked.every((w) => w === 0)) return undefined;
  return learnSuccess(encoded, worked);
}

/** Rows of the objective that most probably worked and met all constraints. */
export function feasibleRows({ feasible }: Outcomes, x: FeatureMatrix): boolean[] {
  if (feasible === undefined) return Array.from({ length: x.rows }, () => true);
  return Array.from(feasible.value(x), (log) => log >= -Math.LN2);
}
