import { join } from "node:path";
import { writeFileAtomic } from "@materiome/core";
import type { ClassExplanation, Explanation } from "@materiome/forward";
import type { Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface ExplainedFiles {
  readonly explained: Explanation | ClassExplanation;
  /** `explain.json` without seed, hash and versions. */
  readonly document: object;
  readonly page: string;
  /** For the terminal. */
  readonly summary: string;
  /** What else is to be minded. */
  readonly warnings: readonly string[];
  readonly nRows: number;
  readonly sha256: string;
}

/** The last steps of `explain`: both files are written, and what must be minded is said. */
export async function endExplaining(files: ExplainedFiles, folder: string, session: Session): Promise<void> {
  const { explained, nRows } = files;
  const document = { ...files.document, seed: session.seed, dataSha256: files.sha256, versions: versions() };
  await writeFileAtomic(join(folder, "explain.json"), `${JSON.stringify(document, null, 2)}\n`);
  await writeFileAtomic(join(folder, "report.html"), files.page);
  session.result(document);
  session.output(files.summary);
  if (explained.noImportance !== undefined) session.note(explained.noImportance);
  for (const group of explained.correlated) {
    session.warn(`${group.join(", ")} go along with each other; how credit is split among them says little`);
  }
  for (const warning of files.warnings) session.warn(warning);
  const outside = Array.from(explained.prediction.domain?.inDomain ?? []).filter((flag) => flag === 0).length;
  if (outside > 0) session.warn(`${outside} of ${nRows} rows lie outside the model's domain; see explain.json`);
  session.say(`\nwritten to ${folder}: explain.json, report.html (seed ${session.seed})`);
}
