import { join } from "node:path";
import { writeFileAtomic } from "@materiome/core";

/** The four files of a training, but for the model as objects or text. */
export interface TrainingFiles {
  /** Goes to `metrics.json`. */
  readonly document: object;
  readonly card: string;
  readonly report: string;
  readonly model: object;
}

/** Writes `metrics.json`, `card.md`, `report.html` and, last, `model.json`: where it stands, the rest is complete. */
export async function writeTraining(folder: string, { document, card, report, model }: TrainingFiles): Promise<void> {
  await writeFileAtomic(join(folder, "metrics.json"), `${JSON.stringify(document, null, 2)}\n`);
  await writeFileAtomic(join(folder, "card.md"), card);
  await writeFileAtomic(join(folder, "report.html"), report);
  await writeFileAtomic(join(folder, "model.json"), JSON.stringify(model));
}
