import { createRandom, DataError, nearestNames } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import { MOST_FOR_BOXES } from "../suggest/frontSearch.ts";
import type { Disturbance, SuggestOptions } from "../suggest/options.ts";
import { suggest } from "../suggest/suggest.ts";
import type { Suggestion } from "../suggest/suggestion.ts";
import { type Campaign, openCampaign } from "./campaign.ts";
import { type CampaignState, campaignState } from "./campaignState.ts";
import type { AskEntry, AskedExperiment, Values } from "./entry.ts";
import { appendToJournal, type JournalWriteOptions, readJournal, refuseEdits } from "./journalFile.ts";
import { ENOUGH_REPLICATES, replicateNoise } from "./noise.ts";
import { type CampaignObservations, observationsOf } from "./observationsOf.ts";
import { type StopAdvice, stopAdvice } from "./stopAdvice.ts";

/** How suggestions are made. */
export interface AskEntryOptions
  extends Pick<
    SuggestOptions,
    | "learner"
    | "batch"
    | "sharedInBatch"
    | "method"
    | "batchMethod"
    | "referencePoint"
    | "nInitial"
    | "level"
    | "allowReplicates"
    | "deviations"
    | "cost"
    | "trustRegion"
    | "threads"
    | "signal"
    | "onProgress"
  > {
  /** Settings held in this batch, in the units of the campaign. @defaultValue none */
  readonly fixed?: Values | undefined;
  /** How settings scatter in this batch; null: they are met exactly. @defaultValue as the campaign says */
  readonly disturbance?: Disturbance | null | undefined;
}

export interface AskOptions extends AskEntryOptions, Omit<JournalWriteOptions, "signal"> {}

export interface Asked {
  readonly campaign: Campaign;
  readonly suggestions: readonly AskedExperiment[];
  readonly notes: readonly string[];
  /** Whether to go on at all; undefined with more than four objectives and in a space-filling start. */
  readonly advice: StopAdvice | undefined;
}

const MOST_TRIES = 5;

/**
 * Asks for the experiments to make next, and writes them down: from then on they are pending, and further suggestions know them.
 * The same journal and options give the same suggestions: the random numbers derive from the seed of the journal and how often it was asked.
 * What another process tells while this one thinks is not lost: the suggestions are then made anew.
 *
 * @throws InfeasibleError if constraints leave no experiment
 * @throws DataError as {@link openCampaign}, or for held and shared settings that are none
 * @example
 * const { suggestions, advice } = await askCampaign(campaign, {
 *   learner: createGaussianProcess(), batch: 4, sharedInBatch: ["temperature"], at: new Date().toISOString(),
 * });
 */
export async function askCampaign(campaign: Campaign, options: AskOptions): Promise<Asked> {
  const { path } = campaign;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const journal = readJournal(path);
    refuseEdits(path, journal);
    const entry = await decideAsk(campaignState(journal.entries), options);
    if (entry.suggestions.length === 0) {
      return { campaign: openCampaign(path), suggestions: [], notes: entry.notes, advice: undefined };
    }
    // A fragment at the end is kept in an entry of its own before ours.
    const expected = journal.entries.length + (journal.tail === undefined ? 0 : 1);
    const written = await appendToJournal(
      path,
      ({ entries }) => (entries.length === expected ? entry : undefined),
      options,
    );
    if (written === undefined) continue;
    const now = openCampaign(path);
    return { campaign: now, suggestions: entry.suggestions, notes: entry.notes, advice: stopAdvice(now.state) };
  }
  throw new DataError(`other processes wrote to the journal each time suggestions were ready; ask when they are done`, {
    location: { file: path },
  });
}

/**
 * Decides what an `ask` writes down; nothing is written. See {@link askCampaign}.
 *
 * @throws InfeasibleError, DataError as {@link askCampaign}
 */
export async function decideAsk(state: CampaignState, options: AskEntryOptions): Promise<AskEntry> {
  const { fixed = {}, sharedInBatch = [], disturbance = state.disturbance } = options;
  refuseUnknownVersion(state, fixed);
  // Who fixes the version has chosen it; more objectives than versions can be weighed for can only come in by a later change.
  const fidelity =
    state.fidelity !== undefined &&
    fixed[state.fidelity.name] === undefined &&
    state.objectives.length <= MOST_FOR_BOXES
      ? state.fidelity
      : undefined;
  const taught = observationsOf(state, fixed, ...versionsOf(state, fidelity));
  const { space, observations, leftOut } = taught;
  const names = space.variables.map(({ name }) => name);
  const stray = sharedInBatch.find((name) => !names.includes(name));
  if (stray !== undefined) {
    throw new DataError(
      `ask: "${stray}" cannot be shared, it is no setting that may be turned; there are: ${names.join(", ")}`,
    );
  }
  const units = new Map([...space.variables, ...space.fixed].map(({ name, unit }) => [name, unit]));
  const held = new Map(taught.fixed.map((setting) => [setting.name, setting]));
  for (const [name, value] of Object.entries(fixed)) {
    if (space.fixed.some((input) => input.name === name && input.value === value)) continue;
    held.set(name, { name, value, unit: units.get(name) ?? "" });
  }
  const shared = sharedStart(taught, sharedInBatch);
  const result = await suggest({
    ...options,
    space,
    observations,
    objectives: state.objectives,
    constraints: state.constraints,
    noiseStd: measuredNoise(state),
    fidelity,
    disturbance: disturbance ?? undefined,
    fixed: [...held.values()],
    nInitial: options.nInitial ?? shared?.nInitial,
    context: taught.fixed.map(({ name }) => name),
    random: createRandom(state.seed)
      .fork("ask")
      .fork(state.asks.length + 1),
  });
  const { suggestions, expectedGain, noiseGain, noiseStd } = result;
  return {
    kind: "ask",
    suggestions: suggestions.map((suggestion, i) => asked(suggestion, `S${state.nAsked + i + 1}`, taught)),
    ...(Object.keys(fixed).length === 0 ? {} : { fixed }),
    ...(sharedInBatch.length === 0 ? {} : { shared: sharedInBatch }),
    notes: [
      ...result.notes.map((note) =>
        shared !== undefined && options.nInitial === undefined && note.startsWith("Space-filling start")
          ? shared.note
          : note,
      ),
      ...unknownOutcomes(state, suggestions),
      ...leftOutNotes(leftOut),
    ],
    ...(expectedGain === undefined ? {} : { expectedGain }),
    ...(noiseGain === undefined ? {} : { noiseGain }),
    ...(noiseStd === undefined ? {} : { noiseStd }),
  };
}

/** @throws DataError for a version of the experiment that was not named with a cost: a slip of the pen would be a version of its own */
function refuseUnknownVersion({ fidelity }: CampaignState, fixed: Values): void {
  const version = fidelity === undefined ? undefined : fixed[fidelity.name];
  if (fidelity === undefined || version === undefined) return;
  const known = Object.keys(fidelity.costs);
  if (known.includes(String(version))) return;
  const [near] = nearestNames(String(version), known, 1);
  throw new DataError(
    `ask: "${fidelity.name}" has no version "${version}"; ${near === undefined ? `there are: ${known.join(", ")}` : `did you mean "${near}"?`}`,
  );
}

/** Experiments listed by name before the rest is counted. */
const MOST_NAMED = 3;

/** What is not learned from, a note for each reason. */
function leftOutNotes(leftOut: CampaignObservations["leftOut"]): readonly string[] {
  return [...new Set(leftOut.map(({ why }) => why))].map((why) => {
    const ids = leftOut.flatMap((one) => (one.why === why ? [one.id] : []));
    const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : "";
    const who = ids.slice(0, MOST_NAMED).join(", ") + more;
    return `${ids.length === 1 ? who : `each of ${who}`} ${why}: not learned from`;
  });
}

/** Settings of each version, in the kind of value that the input has. */
function versionsOf({ space }: CampaignState, fidelity: Fidelity | undefined): readonly Values[] {
  if (fidelity === undefined) return [];
  const { name, costs } = fidelity;
  const isNumber = space.fixed.find((input) => input.name === name)?.columnKind === "number";
  return Object.keys(costs).map((level) => ({ [name]: isNumber ? Number(level) : level }));
}

/** Of the objectives whose replicates are enough to be believed. */
function measuredNoise(state: CampaignState): Readonly<Record<string, number>> {
  return Object.fromEntries(
    state.objectives.flatMap(({ name }) => {
      const noise = replicateNoise(state, name);
      return noise !== undefined && noise.degreesOfFreedom >= ENOUGH_REPLICATES ? [[name, noise.std]] : [];
    }),
  );
}

/** Outcomes that matter and of which suggestions made by a model know nothing: measured too rarely, or not looked at. */
function unknownOutcomes(state: CampaignState, suggestions: readonly Suggestion[]): readonly string[] {
  const known = new Set(suggestions.flatMap(({ expected }) => expected.map(({ name }) => name)));
  if (known.size === 0) return [];
  const unknown = state.outcomes.filter(({ name }) => !known.has(name)).map(({ name }) => `"${name}"`);
  return unknown.length === 0 ? [] : [`these suggestions do not take ${unknown.join(", ")} into account`];
}

/** Values of the shared settings, beyond one for each, that a model needs to tell their effect from scatter between batches. */
const SPARE_BATCHES = 2;

/**
 * While the settings that batches share took few values, the start goes on, however many experiments there are: a batch is one
 * experiment for them.
 *
 * @returns undefined where the usual start is long enough
 */
function sharedStart(
  { space, observations }: CampaignObservations,
  shared: readonly string[],
): { readonly nInitial: number; readonly note: string } | undefined {
  if (shared.length === 0) return undefined;
  const columns = space.variables.flatMap(({ name }, j) => (shared.includes(name) ? [j] : []));
  const tried = [...observations.points, ...observations.pending];
  const different = new Set(tried.map((point) => columns.map((j) => point[j]).join()));
  const needed = columns.length + SPARE_BATCHES;
  if (different.size >= needed) return undefined;
  const list = shared.map((name) => `"${name}"`).join(", ");
  return {
    nInitial: tried.length + 1,
    note: `Space-filling start: ${different.size} of ${needed} batches with different values of ${list}, which a batch shares, are told or pending.`,
  };
}

function asked(suggestion: Suggestion, id: string, { ids }: CampaignObservations): AskedExperiment {
  const { settings, expected, method, acquisition, exploitShare, feasibleProbability, nearest, variables } = suggestion;
  const { underScatter } = suggestion;
  const nearestId = nearest === undefined ? undefined : ids[nearest.row];
  return {
    id,
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
    method,
    expected,
    ...(underScatter === undefined ? {} : { underScatter }),
    ...(acquisition === undefined || !Number.isFinite(acquisition) ? {} : { acquisition }),
    ...(exploitShare === undefined ? {} : { exploitShare }),
    feasibleProbability,
    ...(nearest === undefined || nearestId === undefined
      ? {}
      : { nearest: { id: nearestId, distance: nearest.distance } }),
    variables,
  };
}
