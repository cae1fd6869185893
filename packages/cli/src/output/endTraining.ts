import { trainingWarnings } from "../report/trainedSource.ts";
import type { Session } from "../terminal/session.ts";

/** The last words of a training: what must be minded, and where the files are. */
export function endTraining(metrics: Parameters<typeof trainingWarnings>[0], folder: string, session: Session): void {
  for (const warning of trainingWarnings(metrics)) session.warn(warning);
  session.say(`\nwritten to ${folder}: model.json, metrics.json, card.md, report.html (seed ${session.seed})`);
}
