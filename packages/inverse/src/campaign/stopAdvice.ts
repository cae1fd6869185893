import { type CampaignState, type Run, runsOf } from "./campaignState.ts";
import { replicateNoise } from "./noise.ts";

/** Whether further experiments are worth their cost, as far as the last `ask` could tell. */
export interface StopAdvice {
  readonly stop: boolean;
  /** Largest expected improvement of the last ask, in the unit of the objective. */
  readonly expectedGain: number;
  /** Standard deviation of one measurement of the objective. */
  readonly noiseStd: number;
  readonly noiseFrom: "replicates" | "surrogate";
  /** Measured experiments that the last ask knew, and from how many on it is believed. */
  readonly nKnown: number;
  readonly nNeeded: number;
  /** Results told since then, which the advice does not know. */
  readonly toldSince: number;
}

/** Degrees of freedom from which replicates are believed: s then has a relative standard error of about 1 / √(2 · 4), a third. */
const ENOUGH = 4;

/** A surrogate of few experiments takes for noise what it does not understand yet: it is believed from so many on, and 3 a setting. */
const LEAST_RUNS = 10;
const RUNS_PER_SETTING = 3;

/**
 * The stop rule: the largest expected gain of the last ask is below the noise of one measurement, so that the improvement could not be
 * told from scatter. The noise is that of replicates where there are enough (4 degrees of freedom), else the surrogate's. Before 10 measured experiments, and 3 for each setting
 * that may be turned, there is no advice to stop.
 *
 * @returns undefined before a model was asked, and with several objectives, whose gain is in no one's unit
 */
export function stopAdvice(state: CampaignState): StopAdvice | undefined {
  const [objective, ...others] = state.objectives;
  const last = state.asks.at(-1);
  if (objective === undefined || others.length > 0 || last?.expectedGain === undefined) return undefined;
  const replicates = replicateNoise(state, objective.name);
  const isMeasured = replicates !== undefined && replicates.degreesOfFreedom >= ENOUGH;
  const noiseStd = isMeasured ? replicates.std : last.noiseStd;
  if (noiseStd === undefined) return undefined;
  const isBefore = ({ key }: Run): boolean => Number(key.split(".")[0]) < last.n;
  const runs = runsOf(state);
  const nKnown = runs.filter((run) => isBefore(run) && run.outcomes[objective.name] !== undefined).length;
  const nNeeded = Math.max(LEAST_RUNS, RUNS_PER_SETTING * state.space.variables.length);
  return {
    stop: last.expectedGain < noiseStd && nKnown >= nNeeded,
    expectedGain: last.expectedGain,
    noiseStd,
    noiseFrom: isMeasured ? "replicates" : "surrogate",
    nKnown,
    nNeeded,
    toldSince: runs.filter((run) => !isBefore(run)).length,
  };
}
