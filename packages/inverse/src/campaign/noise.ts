import { type CampaignState, runsOf } from "./campaignState.ts";
import { settingsKey } from "./sameSettings.ts";

/** Scatter of a measurement, from replicates. */
export interface ReplicateNoise {
  readonly std: number;
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom from which replicates are believed: s then has a relative standard error of about 1 / √(2 · 4), a third. */
export const ENOUGH_REPLICATES = 4;

/**
 * Standard deviation of a measurement of an outcome: pooled over all settings that were run more than once, s² = Σ Σ (y − ȳ)² /
 * Σ (n − 1). Runs count as replicates where all their settings are equal.
 *
 * @returns undefined where nothing was measured twice
 */
export function replicateNoise(state: CampaignState, outcome: string): ReplicateNoise | undefined {
  const key = settingsKey(state);
  const groups = new Map<string, number[]>();
  for (const run of runsOf(state)) {
    const value = run.outcomes[outcome];
    if (value === undefined) continue;
    groups.set(key(run), [...(groups.get(key(run)) ?? []), value]);
  }
  let [squares, degreesOfFreedom] = [0, 0];
  for (const values of groups.values()) {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    degreesOfFreedom += values.length - 1;
  }
  return degreesOfFreedom === 0 ? undefined : { std: Math.sqrt(squares / degreesOfFreedom), degreesOfFreedom };
}
