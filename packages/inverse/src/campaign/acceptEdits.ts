import { DataError } from "@materiome/core";
import { type Campaign, openCampaign } from "./campaign.ts";
import { campaignState } from "./campaignState.ts";
import { appendToJournal, type JournalWriteOptions } from "./journalFile.ts";
import type { JournalEdit } from "./journalText.ts";

/**
 * Accepts a journal that was edited by hand, as it stands: an entry that names the edited ones and holds a checksum of everything
 * before it goes to the end. Later edits are found again.
 *
 * @returns the campaign and what was accepted (empty where nothing was edited, and nothing is written)
 * @throws DataError if entries are out of order: their numbers must increase
 * @example
 * const { accepted } = await acceptEdits("trials.journal", { at: new Date().toISOString() });
 */
export async function acceptEdits(
  path: string,
  options: JournalWriteOptions,
): Promise<{ readonly campaign: Campaign; readonly accepted: readonly JournalEdit[] }> {
  let accepted: readonly JournalEdit[] = [];
  await appendToJournal(
    path,
    (journal) => {
      campaignState(journal.entries); // what cannot be read as a campaign is not accepted
      const numbers = journal.entries.map(({ n }) => n);
      const wrong = numbers.find((n, i) => i > 0 && !(n > (numbers[i - 1] ?? 0)));
      if (wrong !== undefined) {
        throw new DataError(
          `entry ${wrong} stands after one with the same or a higher number; number entries upwards`,
          {
            location: { file: path },
          },
        );
      }
      accepted = journal.edits;
      if (accepted.length === 0) return undefined;
      return { kind: "accept", entries: accepted.map(({ n }) => n), digest: journal.digest };
    },
    options,
  );
  return { campaign: openCampaign(path), accepted };
}
