import { resolveColumn, type Table } from "@materiome/core";
import {
  type CampaignState,
  type ExperimentStatus,
  openCampaign,
  resultsFromTable,
  tellCampaign,
} from "@materiome/inverse";
import { inFile } from "../input/inFile.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { progressText } from "../report/campaignText.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { counted } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface CampaignTellOptions extends CommonOptions, TableOptions {
  readonly status?: ExperimentStatus;
  readonly noise?: readonly string[];
  readonly again?: "replicate" | "correct";
}

/** `materiome campaign tell JOURNAL TABLE`: all rows that say something, or none if one of them makes no sense. */
export async function runCampaignTellCommand(
  journal: string,
  tablePath: string,
  options: CampaignTellOptions,
  session: Session,
): Promise<void> {
  const campaign = openCampaign(journal);
  for (const warning of campaign.warnings) session.warn(warning);
  const { table } = await readTableArgument(tablePath, options, session);
  try {
    const read = resultsFromTable(campaign.state, table, {
      status: options.status,
      noise: noiseColumns(campaign.state, table, options.noise ?? []),
    });
    const told = await tellCampaign(campaign, read.results, {
      at: new Date().toISOString(),
      source: tablePath,
      repeated: options.again,
      signal: session.signal,
    });
    const { state } = told.campaign;
    const notes = [...read.notes, ...told.notes];
    session.result({ journal, nTold: told.nTold, alreadyTold: told.alreadyTold, notes, versions: versions() });
    session.output(`${counted(told.nTold, "result")} told`);
    session.say(progressText(state));
    for (const note of notes) session.note(`note: ${note}`);
  } catch (error) {
    throw inFile(tablePath, error);
  }
}

/** `--noise COLUMN` of a single outcome, or `OUTCOME=COLUMN`. */
function noiseColumns(state: CampaignState, table: Table, texts: readonly string[]): Readonly<Record<string, string>> {
  const names = state.outcomes.map(({ name }) => name);
  return Object.fromEntries(
    texts.map((text): readonly [string, string] => {
      const named = names.find((name) => text.startsWith(`${name}=`));
      if (named !== undefined) return [named, text.slice(named.length + 1)];
      const column = resolveColumn(table, text);
      const outcome = names.length === 1 ? names[0] : names.find((name) => name === column.describes);
      if (outcome === undefined) {
        throw new UsageError(`--noise "${text}": say of which outcome, as in "${names[0]}=${text}"`);
      }
      return [outcome, column.name];
    }),
  );
}
