import { type CampaignState, type Run, runsOf } from "./campaignState.ts";
import { ENOUGH_REPLICATES, replicateNoise } from "./noise.ts";

/** Whether further experiments are worth their cost, as far as the last `ask` could tell. */
export interface StopAdvice {
  readonly stop: boolean;
  /** What is compared: values of the one objective, in its unit, or hypervolumes of several, in the product of their units. */
  readonly of: "value" | "hypervolume";
  /** Largest expected improvement of the last ask. */
  readonly expectedGain: number;
  /**
   * What noise makes of one measurement: of one objective its standard deviation; of several what measuring a point of the front once more would
   * seem to gain.
   */
  readonly noise: number;
  /** `replicates` only where all objectives have enough of them. */
  readonly noiseFrom: "replicates" | "surrogate";
  /** Measured experiments that the last ask knew, and from how many on it is believed. */
  readonly nKnown: number;
  readonly nNeeded: number;
  /** Results told since then, which the advice does not know. */
  readonly toldSince: number;
}

/** A surrogate of few experiments takes for noise what it does not understand yet: it is believed from so many on, and 3 a setting. */
const LEAST_RUNS = 10;
const RUNS_PER_SETTING = 3;

/**
 * The stop rule: the largest expected gain of the last ask is below the noise of one measurement, so that the improvement could not be
 * told from scatter. The noise is that of replicates where there are enough (4 degrees of freedom), else the surrogate's. With two to four objectives gains
 * are of hypervolume, and the noise is what measuring a point of the front once more is expected to add to it by scatter alone, where that is
 * most. Before 10 measured experiments, and 3 for each setting that may be turned, there is no advice to stop.
 *
 * @returns undefined before a model was asked, with more than four objectives, where the noise is not known, and after a change of the
 * campaign until the next ask: what was to be gained before says nothing about what is looked for now ({@link changedSinceAsk})
 */
export function stopAdvice(state: CampaignState): StopAdvice | undefined {
  const last = state.asks.at(-1);
  if (last?.expectedGain === undefined || state.objectives.length === 0) return undefined;
  if (changedSinceAsk(state) !== undefined) return undefined;
  const measured = state.objectives.map(({ name }) => {
    const replicates = replicateNoise(state, name);
    return replicates !== undefined && replicates.degreesOfFreedom >= ENOUGH_REPLICATES ? replicates.std : undefined;
  });
  const isSingle = measured.length === 1;
  // What noise gains in hypervolume was worked out when the front was: replicates told since then count from the next ask on.
  const noise = isSingle ? (measured[0] ?? last.noiseStd) : last.noiseGain;
  if (noise === undefined) return undefined;
  const isBefore = ({ key }: Run): boolean => Number(key.split(".")[0]) < last.n;
  const runs = runsOf(state);
  const isMeasured = ({ outcomes }: Run): boolean => state.objectives.every(({ name }) => outcomes[name] !== undefined);
  const nKnown = runs.filter((run) => isBefore(run) && isMeasured(run)).length;
  const nNeeded = Math.max(LEAST_RUNS, RUNS_PER_SETTING * state.space.variables.length);
  return {
    stop: last.expectedGain < noise && nKnown >= nNeeded,
    of: isSingle ? "value" : "hypervolume",
    expectedGain: last.expectedGain,
    noise,
    noiseFrom: measured.every((std) => std !== undefined) ? "replicates" : "surrogate",
    nKnown,
    nNeeded,
    toldSince: runs.filter((run) => !isBefore(run)).length,
  };
}

/** The last change of a campaign that was asked before, and not since. */
export function changedSinceAsk({ asks, changes }: CampaignState): CampaignState["changes"][number] | undefined {
  const [ask, change] = [asks.at(-1), changes.at(-1)];
  return ask !== undefined && change !== undefined && change.n > ask.n ? change : undefined;
}
