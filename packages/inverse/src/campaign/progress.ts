import type { Objective } from "../objective/objective.ts";
import { liesWithin } from "../space/liesWithin.ts";
import { type CampaignState, type Run, runsOf } from "./campaignState.ts";
import { pointOfSettings } from "./pointOfSettings.ts";
import { settingsKey } from "./sameSettings.ts";

/** One run on the way, and the best so far. */
export interface ProgressStep {
  readonly run: Run;
  /** Undefined where the run failed or the objective was not measured. */
  readonly value: number | undefined;
  /**
   * Whether the run counts: every constraint on outcomes was met (one that was not measured is not met), what is given was as in
   * the campaign (another heat, another method does not count), and it was run where the campaign may go, give or take how exactly
   * settings are met.
   */
  readonly isFeasible: boolean;
  /**
   * Best value so far of settings that count, the mean over their replicates (which must meet the constraints on average): the largest of
   * several measurements is no better for scatter. Undefined before the first; further replicates may take it back.
   */
  readonly best: number | undefined;
  /** The replicates of which `best` is the mean. */
  readonly bestRuns: readonly Run[];
}

/** Replicates of one settings as one. */
export interface SettingsMean {
  readonly runs: readonly Run[];
  /** Means over the runs in which each was measured. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Whether these means meet every constraint. */
  readonly isFeasible: boolean;
}

/** Runs in order with the best value of an objective so far. */
export function progressOf(state: CampaignState, objective: Objective): readonly ProgressStep[] {
  const { name } = objective;
  const tried = replicatesOf(state);
  const better = (a: SettingsMean | undefined, b: SettingsMean): SettingsMean | undefined => {
    const value = b.outcomes[name];
    if (!b.isFeasible || value === undefined) return a;
    return a === undefined || isBetter(objective, value, a.outcomes[name] ?? Number.NaN) ? b : a;
  };
  let best: SettingsMean | undefined;
  return runsOf(state).map((run) => {
    const own = tried.add(run);
    if (own !== undefined) {
      // A further replicate of the best may take it back.
      const isOfBest = best !== undefined && best.runs[0] === own.runs[0];
      best = isOfBest ? tried.means().reduce(better, undefined) : better(best, own);
    }
    const isFeasible = own !== undefined && meetsAll(state, run.outcomes);
    const { outcomes = {}, runs = [] } = best ?? {};
    return { run, value: run.outcomes[name], isFeasible, best: outcomes[name], bestRuns: runs };
  });
}

/**
 * What was measured under what is given where the campaign may go, replicates as their means, in the order in which settings were first
 * told: what a Pareto front is made of.
 */
export function settingsMeans(state: CampaignState): readonly SettingsMean[] {
  const tried = replicatesOf(state);
  for (const run of runsOf(state)) tried.add(run);
  return tried.means();
}

function replicatesOf(state: CampaignState): {
  /** @returns the replicates with the run; undefined where it does not count */
  add(run: Run): SettingsMean | undefined;
  means(): readonly SettingsMean[];
} {
  const key = settingsKey(state);
  const groups = new Map<string, SettingsMean>();
  return {
    add(run) {
      if (run.status !== "ok" || !isReachable(state, run)) return undefined;
      const runs = [...(groups.get(key(run))?.runs ?? []), run];
      const outcomes = meansOf(runs);
      const found = { runs, outcomes, isFeasible: meetsAll(state, outcomes) };
      groups.set(key(run), found);
      return found;
    },
    means: () => [...groups.values()],
  };
}

/** True if the run had what is given, and settings that the campaign may ask for. */
function isReachable({ space }: CampaignState, { settings }: Run): boolean {
  if (!space.fixed.every(({ name, value }) => (settings[name] ?? value) === value)) return false;
  const found = pointOfSettings(space, settings);
  return "point" in found && liesWithin(space, found.point);
}

function meansOf(runs: readonly Run[]): Readonly<Record<string, number>> {
  const names = [...new Set(runs.flatMap(({ outcomes }) => Object.keys(outcomes)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = runs.flatMap(({ outcomes }) => outcomes[name] ?? []);
      return [name, values.reduce((a, b) => a + b, 0) / values.length];
    }),
  );
}

/** An outcome that was not measured meets nothing. */
function meetsAll({ constraints }: CampaignState, outcomes: Readonly<Record<string, number>>): boolean {
  return constraints.every(({ target, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }) => {
    const value = outcomes[target];
    return value !== undefined && value >= low && value <= high;
  });
}

function isBetter({ direction }: Objective, a: number, b: number): boolean {
  return direction === "maximize" ? a > b : a < b;
}
