import type { CampaignState } from "./campaignState.ts";
import { replicateNoise } from "./noise.ts";

/** Whether further experiments are worth their cost, as far as the last `ask` could tell. */
export interface StopAdvice {
  readonly stop: boolean;
  /** Largest expected improvement of the last ask, in the unit of the objective. */
  readonly expectedGain: number;
  /** Standard deviation of one measurement of the objective. */
  readonly noiseStd: number;
  readonly noiseFrom: "replicates" | "surrogate";
  /** Results told since then, which the advice does not know. */
  readonly toldSince: number;
}

/** Degrees of freedom from which replicates are believed: s then has a relative standard error of about 1 / √(2 · 4), a third. */
const ENOUGH = 4;

/**
 * The stop rule: the largest expected gain of the last ask is below the noise of one measurement, so that the improvement could not be
 * told from scatter. The noise is that of replicates where there are enough (4 degrees of freedom), else the surrogate's.
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
  return {
    stop: last.expectedGain < noiseStd,
    expectedGain: last.expectedGain,
    noiseStd,
    noiseFrom: isMeasured ? "replicates" : "surrogate",
    toldSince: state.experiments.flatMap(({ runs }) => runs).filter(({ key }) => Number(key.split(".")[0]) > last.n)
      .length,
  };
}
