import { FormatError } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import type { Objective } from "../objective/objective.ts";
import type { FixedInput, SearchSpace } from "../space/searchSpace.ts";
import { readSpace } from "../space/spaceJson.ts";
import type { Spec } from "../spec/spec.ts";
import type { Disturbance } from "../suggest/options.ts";
import type { AskEntry, AskedExperiment, ExperimentStatus, JournalEntry, ToldResult, Values } from "./entry.ts";

/** One result of an experiment that was made. */
export interface Run {
  /** `ENTRY.NUMBER`, both from 1: names the result for good. */
  readonly key: string;
  readonly id: string;
  readonly at: string;
  readonly status: "ok" | "failed";
  /** As run. */
  readonly settings: Values;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly noiseStd?: Readonly<Record<string, number>> | undefined;
  readonly note?: string | undefined;
}

/** An experiment that was asked, told, or both; several runs are replicates. */
export interface Experiment {
  readonly id: string;
  /** `ok` where one run gave a result. */
  readonly status: ExperimentStatus;
  /** As last run, else as asked. */
  readonly settings: Values;
  readonly runs: readonly Run[];
  /** Where it was suggested: entry and reasons. */
  readonly asked?: { readonly entry: number; readonly suggestion: AskedExperiment } | undefined;
}

export interface Outcome {
  readonly name: string;
  readonly unit: string;
}

/** What a journal says now. */
export interface CampaignState {
  readonly seed: number;
  readonly createdAt: string;
  readonly note?: string | undefined;
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Spec[];
  /** Versions of the experiment and what they cost. */
  readonly fidelity?: Fidelity | undefined;
  /** How settings scatter when they are run, and what of it counts. */
  readonly disturbance?: Disturbance | undefined;
  /** Objectives, then constrained outcomes: all that is measured. */
  readonly outcomes: readonly Outcome[];
  /** In the order in which they were first spoken of. */
  readonly experiments: readonly Experiment[];
  readonly asks: readonly (AskEntry & { readonly n: number; readonly at: string })[];
  /** Entries that changed space, objectives, constraints or scatter. */
  readonly changes: readonly (JournalEntry & { readonly kind: "change" })[];
  /** Suggestions so far. */
  readonly nAsked: number;
  readonly nEntries: number;
}

/**
 * What a journal says: entries in order, each adding to what was before. An asked experiment is pending until it is told;
 * further results of one experiment are replicates, unless they say which earlier ones they replace. A change does not touch what was
 * before: experiments keep the values that were given when they were made.
 *
 * @throws FormatError if the entries do not start a campaign
 * @example
 * const { experiments, objectives } = campaignState(readJournal("trials.journal").entries);
 */
export function campaignState(entries: readonly JournalEntry[]): CampaignState {
  const [start, ...later] = entries;
  if (start?.kind !== "start") throw new FormatError("campaign journal: the first entry does not start a campaign");
  let { objectives, constraints, disturbance } = start;
  let space = readSpace(start.space);
  const asks: CampaignState["asks"][number][] = [];
  const changes: CampaignState["changes"][number][] = [];
  const experiments = new Map<string, Experiment>();
  for (const entry of later) {
    switch (entry.kind) {
      case "start":
        throw new FormatError(`campaign journal: entry ${entry.n} starts a campaign once more; remove it`);
      case "ask":
        asks.push(entry);
        for (const suggestion of entry.suggestions) {
          const { id, settings } = suggestion;
          experiments.set(id, { id, status: "pending", settings, runs: [], asked: { entry: entry.n, suggestion } });
        }
        break;
      case "tell":
        for (const [i, result] of entry.results.entries()) {
          const key = `${entry.n}.${i + 1}`;
          experiments.set(result.id, withResult(experiments.get(result.id), result, { key, at: entry.at }));
        }
        break;
      case "change": {
        changes.push(entry);
        const next = entry.space === undefined ? space : readSpace(entry.space);
        const had = { ...givenOnlyBefore(space, next), ...entry.assume };
        for (const [id, experiment] of experiments) experiments.set(id, withSettings(experiment, had));
        space = next;
        objectives = entry.objectives ?? objectives;
        constraints = entry.constraints ?? constraints;
        if (entry.disturbance !== undefined) disturbance = entry.disturbance ?? undefined;
        break;
      }
    }
  }
  return {
    seed: start.seed,
    createdAt: start.at,
    note: start.note,
    space,
    objectives,
    constraints,
    fidelity: start.fidelity,
    disturbance,
    outcomes: outcomesOf(objectives, constraints),
    experiments: [...experiments.values()],
    asks,
    changes,
    nAsked: asks.reduce((sum, ask) => sum + ask.suggestions.length, 0),
    nEntries: entries.length,
  };
}

/** All that is measured, each once. */
export function outcomesOf(objectives: readonly Objective[], constraints: readonly Spec[]): readonly Outcome[] {
  const outcomes = objectives.map(({ name, unit }): Outcome => ({ name, unit }));
  for (const { target, unit } of constraints) {
    if (!outcomes.some(({ name }) => name === target)) outcomes.push({ name: target, unit });
  }
  return outcomes;
}

/** All runs in the order in which they were told. */
export function runsOf(state: CampaignState): readonly Run[] {
  const place = ({ key }: Run): readonly number[] => key.split(".").map(Number);
  return state.experiments
    .flatMap(({ runs }) => runs)
    .sort((a, b) => {
      const [[entryA = 0, numberA = 0], [entryB = 0, numberB = 0]] = [place(a), place(b)];
      return entryA - entryB || numberA - numberB;
    });
}

/** Inputs that are given otherwise from now on, or no longer, at the value that experiments had which do not name them. */
function givenOnlyBefore(before: SearchSpace, after: SearchSpace): Values {
  const stays = ({ name, value }: FixedInput): boolean =>
    after.fixed.some((input) => input.name === name && input.value === value);
  return Object.fromEntries(before.fixed.filter((input) => !stays(input)).map(({ name, value }) => [name, value]));
}

/** An experiment, and its runs, with these values of what they do not name. */
function withSettings(experiment: Experiment, had: Values): Experiment {
  const filled = <T extends { readonly settings: Values }>(item: T): T => ({
    ...item,
    settings: { ...had, ...item.settings },
  });
  return { ...filled(experiment), runs: experiment.runs.map(filled) };
}

function withResult(
  before: Experiment | undefined,
  result: ToldResult,
  { key, at }: Pick<Run, "key" | "at">,
): Experiment {
  const { id, status, settings, outcomes, noiseStd, note } = result;
  const kept = (before?.runs ?? []).filter((run) => !(result.replaces ?? []).includes(run.key));
  const isRun = status === "ok" || status === "failed";
  const runs = isRun ? [...kept, { key, id, at, status, settings, outcomes, noiseStd, note }] : kept;
  const said = runs.some((run) => run.status === "ok") ? "ok" : runs.length > 0 ? "failed" : status;
  return { id, status: said, settings, runs, asked: before?.asked };
}
