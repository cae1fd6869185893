import { writeFileAtomic, writeTable } from "@materiome/core";
import { createProcessByEvidence } from "@materiome/forward";
import { askCampaign, experimentsTable, openCampaign } from "@materiome/inverse";
import { ACQUISITIONS, namingAcquisitions } from "../input/acquisitions.ts";
import { campaignScatter, type ScatterOptions } from "../input/campaignScatter.ts";
import { campaignSettings } from "../input/campaignSettings.ts";
import { referencePoint } from "../input/referencePoint.ts";
import { besideJournal } from "../output/besideJournal.ts";
import { adviceText, suggestionsText } from "../report/campaignText.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface CampaignAskOptions extends CommonOptions, ScatterOptions {
  readonly number: number;
  readonly out?: string;
  readonly fix?: readonly string[];
  readonly share?: readonly string[];
  readonly acquisition: string;
  readonly deviations?: number;
  readonly cost?: string;
  readonly reference?: readonly string[];
  readonly repeats?: boolean;
  readonly initial?: number;
  readonly level: number;
}

/** `materiome campaign ask JOURNAL`: suggestions with their reasons, into the journal and a table to fill in. */
export async function runCampaignAskCommand(
  journal: string,
  options: CampaignAskOptions,
  session: Session,
): Promise<void> {
  const campaign = openCampaign(journal);
  for (const warning of campaign.warnings) session.warn(warning);
  const { space, disturbance } = campaign.state;
  const asked = await namingAcquisitions(() =>
    askCampaign(campaign, {
      learner: createProcessByEvidence(),
      batch: options.number,
      fixed: campaignSettings(space, options.fix ?? [], "--fix"),
      sharedInBatch: options.share,
      method: ACQUISITIONS[options.acquisition],
      deviations: options.deviations,
      disturbance: campaignScatter(space, options, disturbance),
      referencePoint: referencePoint(campaign.state.objectives, options.reference),
      allowReplicates: options.repeats,
      cost: options.cost,
      nInitial: options.initial,
      level: options.level,
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
      at: new Date().toISOString(),
    }),
  );
  const { state } = asked.campaign;
  const ids = asked.suggestions.map(({ id }) => id);
  const out = options.out ?? besideJournal(journal, `ask-${state.asks.length}.csv`);
  if (ids.length > 0) await writeFileAtomic(out, writeTable(experimentsTable(state, ids)));
  session.result({
    journal,
    suggestions: asked.suggestions,
    table: ids.length > 0 ? out : null,
    notes: asked.notes,
    advice: asked.advice ?? null,
    seed: state.seed,
    versions: versions(),
  });
  session.output(suggestionsText(state, asked.suggestions, options.level));
  for (const note of asked.notes) session.note(`note: ${note}`);
  if (asked.advice !== undefined) session.note(adviceText(state, asked.advice));
  if (ids.length > 0)
    session.note(`seed ${state.seed}; fill in ${out}, then: materiome campaign tell ${journal} ${out}`);
}
