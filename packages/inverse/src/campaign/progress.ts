import type { Objective } from "../objective/objective.ts";
import type { Spec } from "../spec/spec.ts";
import { type CampaignState, type Run, runsOf } from "./campaignState.ts";

/** One run on the way, and the best so far. */
export interface ProgressStep {
  readonly run: Run;
  /** Undefined where the run failed or the objective was not measured. */
  readonly value: number | undefined;
  /**
   * Whether the run counts: every constraint on outcomes was met (one that was not measured is not met), and what is given was as in
   * the campaign (another heat, another method does not count).
   */
  readonly isFeasible: boolean;
  /** Best value of a feasible run so far; undefined before the first. */
  readonly best: number | undefined;
}

/** Runs in order with the best value of an objective so far. */
export function progressOf(state: CampaignState, objective: Objective): readonly ProgressStep[] {
  let best: number | undefined;
  const { fixed } = state.space;
  return runsOf(state).map((run) => {
    const value = run.outcomes[objective.name];
    const isGiven = fixed.every((input) => (run.settings[input.name] ?? input.value) === input.value);
    const isFeasible = run.status === "ok" && isGiven && state.constraints.every((spec) => meets(run, spec));
    if (value !== undefined && isFeasible && (best === undefined || isBetter(objective, value, best))) best = value;
    return { run, value, isFeasible, best };
  });
}

/** True if the run was measured and meets the constraint. */
export function meets(run: Run, spec: Spec): boolean {
  const value = run.outcomes[spec.target];
  if (value === undefined) return false;
  return value >= (spec.low ?? Number.NEGATIVE_INFINITY) && value <= (spec.high ?? Number.POSITIVE_INFINITY);
}

/** True if `a` is better than `b` in the direction of the objective. */
export function isBetter(objective: Objective, a: number, b: number): boolean {
  return objective.direction === "maximize" ? a > b : a < b;
}
