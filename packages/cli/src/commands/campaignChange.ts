import {
  type CampaignState,
  changeCampaign,
  createSpace,
  observationsOf,
  openCampaign,
  parseFixed,
  parseObjective,
  parseVariable,
  type SearchSpace,
} from "@materiome/inverse";
import { campaignScatter, type ScatterOptions } from "../input/campaignScatter.ts";
import { campaignSettings, settingIn, withFixed } from "../input/campaignSettings.ts";
import { keptSpace } from "../input/keptSpace.ts";
import { readSpaceFile } from "../input/readSpaceFile.ts";
import { deadLevelNotes, goalTexts, outsideText, spaceText } from "../report/campaignText.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";
import { parseConstraints } from "./campaignNew.ts";

export interface CampaignChangeOptions extends CommonOptions, ScatterOptions {
  readonly vary?: readonly string[];
  readonly fix?: readonly string[];
  readonly keep?: readonly string[];
  readonly space?: string;
  readonly objective?: readonly string[];
  readonly constraint?: readonly string[];
  /** False with `--no-constraints`. */
  readonly constraints: boolean;
  readonly assume?: readonly string[];
  readonly note?: string;
}

/** `materiome campaign change JOURNAL`: what is different from now on. */
export async function runCampaignChangeCommand(
  journal: string,
  options: CampaignChangeOptions,
  session: Session,
): Promise<void> {
  const campaign = openCampaign(journal);
  for (const warning of campaign.warnings) session.warn(warning);
  const { state } = campaign;
  const turned = await changedSpace(state, options);
  const space =
    options.keep === undefined
      ? turned
      : keptSpace(turned ?? state.space, options.keep, { vary: options.vary, isGiven: true });
  const objectives = options.objective?.map(parseObjective);
  const constraints =
    options.constraint === undefined
      ? options.constraints
        ? undefined
        : []
      : parseConstraints(options.constraint, objectives ?? state.objectives);
  const assume = campaignSettings(space ?? state.space, options.assume ?? [], "--assume");
  const disturbance = campaignScatter(space ?? state.space, options, state.disturbance);
  if ([space, objectives, constraints, disturbance, options.assume].every((changed) => changed === undefined)) {
    throw new UsageError(
      "say what changes: --vary, --fix, --keep, --space, --objective, --constraint, --no-constraints, --scatter, --robust, --no-scatter or --assume",
    );
  }
  const changed = await changeCampaign(
    campaign,
    {
      space,
      objectives,
      constraints,
      disturbance,
      ...(options.assume === undefined ? {} : { assume }),
      note: options.note,
    },
    { at: new Date().toISOString(), signal: session.signal },
  );
  session.result({
    journal,
    objectives: changed.state.objectives,
    constraints: changed.state.constraints,
    disturbance: changed.state.disturbance,
    space: changed.state.space,
    versions: versions(),
  });
  session.output(`${journal}: changed from entry ${changed.state.nEntries} on`);
  session.say(`  wanted: ${goalTexts(changed.state).join("; ")}`);
  session.say(spaceText(changed.state.space));
  if (space !== undefined) for (const note of deadLevelNotes(space)) session.note(`note: ${note}`);
  const outside = outsideText(changed.state);
  if (outside !== undefined) session.warn(outside);
  const { leftOut } = observationsOf(changed.state);
  const lacking = leftOut.filter(({ why }) => why.startsWith("has no value"));
  warnOf(lacking, "a further change says which value they had (--assume COL=VALUE)");
  warnOf(
    leftOut.filter((one) => !lacking.includes(one)),
    "name the level among those of --vary where it may be chosen again",
  );

  function warnOf(list: typeof leftOut, remedy: string): void {
    const [first, ...others] = list;
    if (first === undefined) return;
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    session.warn(`${first.id} ${first.why}${more}: not learned from; ${remedy}`);
  }
}

async function changedSpace(state: CampaignState, options: CampaignChangeOptions): Promise<SearchSpace | undefined> {
  const { vary = [], fix = [] } = options;
  if (options.space !== undefined) {
    if (vary.length + fix.length > 0) throw new UsageError("--space holds the whole space; leave out --vary and --fix");
    return readSpaceFile(options.space);
  }
  if (vary.length + fix.length === 0) return undefined;
  const defined = vary.map((text) => {
    const variable = parseVariable(text);
    const before = [...state.space.variables, ...state.space.fixed].find(({ name }) => name === variable.name);
    // Bounds without a unit are in the unit that the setting has.
    return before !== undefined && variable.unit === ""
      ? { ...variable, unit: before.unit, role: before.role }
      : variable;
  });
  const names = new Set(defined.map(({ name }) => name));
  const kept = state.space.variables.map((variable) => defined.find(({ name }) => name === variable.name) ?? variable);
  const added = defined.filter(({ name }) => !state.space.variables.some((variable) => variable.name === name));
  const space = {
    ...state.space,
    variables: [...kept, ...added],
    fixed: state.space.fixed.filter(({ name }) => !names.has(name)),
  };
  const isKnown = (text: string): boolean => settingIn([...space.variables, ...space.fixed], text) !== undefined;
  const held = withFixed(space, campaignSettings(space, fix.filter(isKnown), "--fix"));
  return createSpace({ ...held, fixed: [...held.fixed, ...fix.filter((text) => !isKnown(text)).map(parseFixed)] });
}
