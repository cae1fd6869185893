import { type Campaign, openCampaign } from "./campaign.ts";
import { campaignState } from "./campaignState.ts";
import { appendToJournal, type JournalWriteOptions } from "./journalFile.ts";
import type { NewResult } from "./results.ts";
import { type DecidedTell, decideTell, type TellEntryOptions } from "./tellEntry.ts";

export interface TellOptions extends JournalWriteOptions, TellEntryOptions {}

export interface Told extends Pick<DecidedTell, "notes" | "alreadyTold"> {
  readonly campaign: Campaign;
  /** Results that were written down. */
  readonly nTold: number;
}

/**
 * Tells results: of suggestions by their id, of anything else with all its settings. All of them are written down at once and
 * on the disk when this returns, or none is. What another process told meanwhile is kept, and counted with.
 *
 * @throws DataError, DomainError for results that make no sense or contradict what was told before
 * @example
 * await tellCampaign(campaign, [
 *   { id: "S1", outcomes: { Hardness: 312 } },
 *   { id: "S2", status: "failed", note: "cracked in the quench" },
 * ], { at: new Date().toISOString() });
 */
export async function tellCampaign(
  campaign: Campaign,
  results: readonly NewResult[],
  options: TellOptions,
): Promise<Told> {
  const decided: DecidedTell[] = [];
  await appendToJournal(
    campaign.path,
    ({ entries }) => {
      const decision = decideTell(campaignState(entries), results, options);
      decided.push(decision);
      return decision.entry;
    },
    options,
  );
  const [decision] = decided;
  return {
    campaign: openCampaign(campaign.path),
    notes: decision?.notes ?? [],
    alreadyTold: decision?.alreadyTold ?? [],
    nTold: decision?.entry?.results.length ?? 0,
  };
}
