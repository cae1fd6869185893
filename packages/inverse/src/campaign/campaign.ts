import { type CampaignState, campaignState } from "./campaignState.ts";
import { readJournal, refuseEdits } from "./journalFile.ts";
import type { JournalText } from "./journalText.ts";

/** A campaign as its journal tells it. Asking and telling write to the journal and return what it says then. */
export interface Campaign {
  readonly path: string;
  readonly state: CampaignState;
  /** What happened to the journal: a last entry that was cut off. */
  readonly warnings: readonly string[];
}

/**
 * Opens a campaign. A last entry that was cut off (the machine went down while it was written) is left out, and `warnings` says so.
 *
 * @param path - journal that {@link createCampaign} made
 * @throws FormatError if it is no journal, or damaged before its last entry
 * @throws DataError if it was edited by hand and nobody accepted that ({@link acceptEdits})
 * @example
 * const { state, warnings } = openCampaign("trials.journal");
 */
export function openCampaign(path: string): Campaign {
  const journal = readJournal(path);
  refuseEdits(path, journal);
  return { path, state: campaignState(journal.entries), warnings: warningsOf(journal) };
}

function warningsOf({ entries, tail }: JournalText): readonly string[] {
  if (tail === undefined) return [];
  const last = entries.at(-1);
  return [
    `the last entry of the journal is not whole (${tail.length} characters of it): it was cut off while it was written, or damaged by hand. What stands is everything up to entry ${last?.n} of ${last?.at} (${last?.kind}); tell again what came after it. The next entry keeps the fragment in a "repair" entry`,
  ];
}
