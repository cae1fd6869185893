import { DataError, DomainError, nearestNames } from "@materiome/core";
import { liesWithin } from "../space/liesWithin.ts";
import { violationsOf } from "../space/violations.ts";
import type { CampaignState, Experiment } from "./campaignState.ts";
import type { ExperimentStatus, ToldResult, Values } from "./entry.ts";
import { holdsNumbers } from "./holdsNumbers.ts";
import { pointOfSettings } from "./pointOfSettings.ts";

/** A result as a person tells it. */
export interface NewResult {
  /** Of a suggestion, or a name of one's own. @defaultValue a new one, `T1`, `T2`, … */
  readonly id?: string | undefined;
  /** @defaultValue "ok" where there are outcomes; without outcomes it must be said */
  readonly status?: ExperimentStatus | undefined;
  /** As run, in the units of the campaign. @defaultValue as asked */
  readonly settings?: Values | undefined;
  /** In the units of the campaign; leave out what was not measured. */
  readonly outcomes?: Readonly<Record<string, number>> | undefined;
  readonly noiseStd?: Readonly<Record<string, number>> | undefined;
  readonly note?: string | undefined;
  /** Row of a file, for messages. */
  readonly row?: number | undefined;
}

/** A checked result and what the person should know about it. */
export interface CheckedResult {
  readonly result: ToldResult;
  readonly notes: readonly string[];
}

/**
 * A result checked against the campaign: known experiment, all settings there, outcomes that are numbers. Settings outside the
 * space are taken, with a note.
 *
 * @param nextId - name for a result without one
 * @throws DataError for an unknown suggestion, missing or unknown settings or outcomes, a status that contradicts the outcomes
 * @throws DomainError for a value that is no finite number, or a standard deviation that is not positive
 */
export function checkResult(state: CampaignState, told: NewResult, nextId: string): CheckedResult {
  const id = told.id?.trim() === "" ? nextId : (told.id?.trim() ?? nextId);
  const experiment = state.experiments.find((known) => known.id === id);
  const at = told.row === undefined ? `result of ${id}` : `row ${told.row}, result of ${id}`;
  if (experiment === undefined && /^S\d+$/.test(id)) throw new DataError(`${at}: ${unknownSuggestion(state, id)}`);
  const outcomes = checkedOutcomes(state, told.outcomes ?? {}, at);
  const noiseStd = told.noiseStd === undefined ? undefined : checkedOutcomes(state, told.noiseStd, `${at}, noise`);
  for (const [name, std] of Object.entries(noiseStd ?? {})) {
    if (!(std > 0)) throw new DomainError(`${at}: the standard deviation of "${name}" must be above 0, got ${std}`);
  }
  const status = checkedStatus(told.status, Object.keys(outcomes).length > 0, at);
  if (status === "withdrawn" && experiment === undefined) {
    throw new DataError(`${at}: only an experiment that was asked or told can be withdrawn`);
  }
  const settings = checkedSettings(state, told.settings ?? {}, experiment, at);
  return {
    result: { id, status, settings, outcomes, ...(noiseStd === undefined ? {} : { noiseStd }), note: told.note },
    notes: [...differingSettings(settings, experiment, at), ...outsideSpace(state, settings, at)],
  };
}

function unknownSuggestion(state: CampaignState, id: string): string {
  const open = state.experiments.filter(({ status, asked }) => asked !== undefined && status === "pending");
  const list = open.length === 0 ? "none is open" : `open are ${open.map((known) => known.id).join(", ")}`;
  return `no suggestion "${id}" was ever made; ${list}. Leave the id out for an experiment that was not suggested`;
}

function checkedOutcomes(
  state: CampaignState,
  outcomes: Readonly<Record<string, number>>,
  at: string,
): Readonly<Record<string, number>> {
  const names = state.outcomes.map(({ name }) => name);
  for (const [name, value] of Object.entries(outcomes)) {
    if (!names.includes(name))
      throw new DataError(`${at}: "${name}" is no outcome of this campaign; ${hint(name, names)}`);
    if (!Number.isFinite(value)) {
      throw new DomainError(
        `${at}: "${name}" is ${value}; leave out what was not measured, or tell the experiment as failed`,
      );
    }
  }
  return outcomes;
}

function checkedStatus(status: ExperimentStatus | undefined, hasOutcome: boolean, at: string): ExperimentStatus {
  if (status === undefined && !hasOutcome) {
    throw new DataError(
      `${at}: neither outcomes nor a status; give a value, or tell it as failed, pending or withdrawn`,
    );
  }
  const said = status ?? "ok";
  if (said === "ok" && !hasOutcome) throw new DataError(`${at}: told as ok, but without any outcome`);
  if (said !== "ok" && hasOutcome) {
    throw new DataError(`${at}: told as ${said}, yet with outcomes; drop the outcomes or the status`);
  }
  return said;
}

function checkedSettings(state: CampaignState, told: Values, experiment: Experiment | undefined, at: string): Values {
  const { variables, fixed } = state.space;
  const inputs = [...variables, ...fixed];
  for (const [name, value] of Object.entries(told)) {
    const input = inputs.find((known) => known.name === name);
    if (input === undefined) {
      const names = inputs.map((known) => known.name);
      throw new DataError(`${at}: "${name}" is no setting of this campaign; ${hint(name, names)}`);
    }
    if (holdsNumbers(input) && !(typeof value === "number" && Number.isFinite(value))) {
      throw new DomainError(`${at}: setting "${name}" must be a number, got ${JSON.stringify(value)}`);
    }
  }
  const settings = { ...experiment?.settings, ...told };
  const missing = variables.filter(({ name, when }) => when === undefined && settings[name] === undefined);
  if (missing.length > 0 && experiment?.asked === undefined) {
    const names = missing.map(({ name }) => `"${name}"`).join(", ");
    throw new DataError(`${at}: no value of ${names}; an experiment that was not suggested needs all settings`);
  }
  return settings;
}

function differingSettings(settings: Values, experiment: Experiment | undefined, at: string): readonly string[] {
  const asked = experiment?.asked?.suggestion.settings ?? {};
  const differing = Object.keys(asked).filter((name) => settings[name] !== asked[name]);
  if (differing.length === 0) return [];
  const list = differing.map((name) => `${name} ${settings[name]} instead of ${asked[name]}`).join(", ");
  return [`${at}: run with ${list}; taken as run`];
}

function outsideSpace(state: CampaignState, settings: Values, at: string): readonly string[] {
  const found = pointOfSettings(state.space, settings);
  if ("missing" in found) return [`${at}: ${found.why}; kept, but not learned from`];
  // A number between two steps is none that could be asked for, and yet no other place.
  if (liesWithin(state.space, found.point)) return [];
  const broken = violationsOf(state.space, found.point);
  return [`${at}: outside the space (${broken.join("; ")}); learned from, never proposed`];
}

function hint(name: string, names: readonly string[]): string {
  const near = nearestNames(name, names);
  return near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `there are: ${names.join(", ")}`;
}
