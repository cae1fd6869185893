import { writeFileAtomic, writeTable } from "@materiome/core";
import {
  acceptEdits,
  type CampaignState,
  campaignWindow,
  experimentsTable,
  openCampaign,
  type ProcessWindow,
  progressOf,
  replicateNoise,
  stopAdvice,
} from "@materiome/inverse";
import { besideJournal } from "../output/besideJournal.ts";
import { campaignReport } from "../report/campaignReport.ts";
import { statusText } from "../report/campaignText.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface CampaignStatusOptions extends CommonOptions {
  readonly report?: string | true;
  readonly export?: string;
  readonly acceptEdits?: boolean;
}

/** `materiome campaign status JOURNAL`: where the campaign stands. */
export async function runCampaignStatusCommand(
  journal: string,
  options: CampaignStatusOptions,
  session: Session,
): Promise<void> {
  if (options.acceptEdits === true) {
    const { accepted } = await acceptEdits(journal, { at: new Date().toISOString(), signal: session.signal });
    session.note(
      accepted.length === 0
        ? "nothing in the journal was edited by hand"
        : `accepted as they stand: ${accepted.map(({ n, what }) => `entry ${n} (${what})`).join(", ")}`,
    );
  }
  const { state, warnings } = openCampaign(journal);
  for (const warning of warnings) session.warn(warning);
  const advice = stopAdvice(state);
  const window = options.report === undefined ? undefined : await windowOf(state, session);
  const of = (status: string): number => state.experiments.filter((experiment) => experiment.status === status).length;
  session.result({
    journal,
    createdAt: state.createdAt,
    nEntries: state.nEntries,
    objectives: state.objectives.map((objective) => {
      const { best, bestRuns = [] } = progressOf(state, objective).at(-1) ?? {};
      const noise = replicateNoise(state, objective.name);
      const [at] = bestRuns;
      return {
        ...objective,
        best:
          best === undefined || at === undefined
            ? null
            : { value: best, id: at.id, settings: at.settings, nReplicates: bestRuns.length },
        replicateNoise: noise ?? null,
      };
    }),
    constraints: state.constraints,
    disturbance: state.disturbance,
    counts: { ok: of("ok"), failed: of("failed"), pending: of("pending"), withdrawn: of("withdrawn") },
    experiments: state.experiments,
    changes: state.changes,
    advice: advice ?? null,
    ...(options.report === undefined ? {} : { window: window ?? null }),
    warnings,
    seed: state.seed,
    versions: versions(),
  });
  session.output(statusText(journal, state));
  if (options.export !== undefined) {
    await writeFileAtomic(
      options.export,
      writeTable(
        experimentsTable(
          state,
          state.experiments.map(({ id }) => id),
        ),
      ),
    );
    session.note(`experiments written to ${options.export}`);
  }
  if (options.report !== undefined) {
    const file = options.report === true ? besideJournal(journal, "report.html") : options.report;
    await writeFileAtomic(file, campaignReport(journal, state, warnings, window));
    session.note(`report written to ${file}`);
  }
}

/** By the surrogate that `campaign ask` learns by; loaded only for a page. */
async function windowOf(
  state: CampaignState,
  { threads, signal, onProgress }: Session,
): Promise<ProcessWindow | undefined> {
  const { createProcessByEvidence } = await import("@materiome/forward");
  return campaignWindow(state, { learner: createProcessByEvidence(), threads, signal, onProgress });
}
