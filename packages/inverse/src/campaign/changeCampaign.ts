import { DataError } from "@materiome/core";
import type { Objective } from "../objective/objective.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { writeSpace } from "../space/spaceJson.ts";
import { isLog, isNumeric } from "../space/variable.ts";
import type { Spec } from "../spec/spec.ts";
import type { Disturbance } from "../suggest/options.ts";
import { type Campaign, openCampaign } from "./campaign.ts";
import { type CampaignState, campaignState } from "./campaignState.ts";
import { checkDisturbance, checkGoals } from "./createCampaign.ts";
import type { ChangeEntry, Values } from "./entry.ts";
import { appendToJournal, type JournalWriteOptions } from "./journalFile.ts";

/** What is different from now on; what is absent stays. */
export interface CampaignChange {
  readonly space?: SearchSpace | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  readonly constraints?: readonly Spec[] | undefined;
  /** Null: settings are met exactly from now on. */
  readonly disturbance?: Disturbance | null | undefined;
  /**
   * Values that new inputs had in all experiments so far. Without one of a new variable those cannot teach; of a new given input it must be
   * said.
   */
  readonly assume?: Values | undefined;
  readonly note?: string | undefined;
}

/**
 * Changes bounds, variables, objectives, constraints or scatter midway. What was told before stays and teaches: points outside the
 * new bounds are learned from and never proposed, and experiments that do not name a given input keep the value it had.
 *
 * @throws DataError if the goals contradict the space, a name that was used before gets another unit, or an input is given of which nothing
 * says what experiments so far had; or if a setting that scatters is turned otherwise, and nothing says how it scatters then
 * @example
 * await changeCampaign(campaign, { space: narrower, note: "furnace 2 reaches 900 °C only" }, { at: new Date().toISOString() });
 */
export async function changeCampaign(
  campaign: Campaign,
  change: CampaignChange,
  options: JournalWriteOptions,
): Promise<Campaign> {
  await appendToJournal(campaign.path, ({ entries }) => decideChange(campaignState(entries), change), options);
  return openCampaign(campaign.path);
}

function decideChange(state: CampaignState, change: CampaignChange): ChangeEntry {
  const { assume, note } = change;
  const space = change.space ?? state.space;
  const objectives = change.objectives ?? state.objectives;
  const constraints = change.constraints ?? state.constraints;
  checkGoals(space, objectives, constraints);
  const disturbance = change.disturbance === undefined ? state.disturbance : change.disturbance;
  if (change.disturbance === undefined) refuseOtherScatter(state, space);
  if (disturbance != null) checkDisturbance(disturbance, { space, objectives, fidelity: state.fidelity });
  const before = new Map(
    [...state.space.variables, ...state.space.fixed, ...state.outcomes].map(({ name, unit }) => [name, unit]),
  );
  const goals = [...objectives, ...constraints.map(({ target: name, unit }) => ({ name, unit }))];
  for (const { name, unit } of [...space.variables, ...space.fixed, ...goals]) {
    const old = before.get(name);
    if (old === undefined || old === unit) continue;
    throw new DataError(
      `"${name}" was in ${old || "no unit"} and would now be in ${unit || "no unit"}: what was told before would mean something else; keep the unit`,
    );
  }
  const names = [...space.variables, ...space.fixed].map(({ name }) => name);
  const unknown = Object.keys(assume ?? {}).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new DataError(`assume: "${unknown}" is no input of the new space`);
  const unsaid = space.fixed.find(({ name }) => !before.has(name) && assume?.[name] === undefined);
  if (unsaid !== undefined && state.experiments.length > 0) {
    throw new DataError(
      `"${unsaid.name}" is new: say which value it had in the experiments so far (assume, --assume "${unsaid.name}=…"), ${unsaid.value} if it was the same`,
    );
  }
  return {
    kind: "change",
    ...(change.space === undefined ? {} : { space: writeSpace(space) }),
    ...(change.objectives === undefined ? {} : { objectives }),
    ...(change.constraints === undefined ? {} : { constraints }),
    ...(change.disturbance === undefined ? {} : { disturbance: change.disturbance }),
    ...(assume === undefined ? {} : { assume }),
    ...(note === undefined ? {} : { note }),
  };
}

/** @throws DataError for a setting that scatters and is given, or turned on another scale, from now on: its deviation would mean something else */
function refuseOtherScatter(state: CampaignState, after: SearchSpace): void {
  const scaleIn = ({ variables }: SearchSpace, name: string): string | undefined => {
    const variable = variables.find((one) => one.name === name);
    if (variable === undefined || !isNumeric(variable)) return undefined;
    return isLog(variable) ? "log" : "linear";
  };
  const other = Object.keys(state.disturbance?.deviations ?? {}).find(
    (name) => scaleIn(after, name) !== scaleIn(state.space, name),
  );
  if (other === undefined) return;
  throw new DataError(
    `"${other}" scatters, and would no longer be turned as it was: say what scatters from now on (disturbance, --scatter), or that nothing does (null, --no-scatter)`,
  );
}
