import { basename, dirname, extname, join } from "node:path";

/** File beside a journal that carries its name: `trials.journal` → `trials.report.html`. */
export function besideJournal(journal: string, ending: string): string {
  return join(dirname(journal), `${basename(journal, extname(journal))}.${ending}`);
}
