import type { CampaignState, Run } from "./campaignState.ts";

/**
 * Names the settings of a run: runs of one name are replicates. What a run does not name is as it is given.
 *
 * @returns a function of the run, for one state
 */
export function settingsKey({ space }: CampaignState): (run: Pick<Run, "settings">) => string {
  const names = [...space.variables, ...space.fixed].map(({ name }) => name);
  const given = new Map(space.fixed.map(({ name, value }) => [name, value]));
  return ({ settings }) => JSON.stringify(names.map((name) => settings[name] ?? given.get(name) ?? null));
}
