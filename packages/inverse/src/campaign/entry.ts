import type { Json } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import type { Objective } from "../objective/objective.ts";
import type { Spec } from "../spec/spec.ts";
import type { Disturbance } from "../suggest/options.ts";
import type { ExpectedOutcome, ScatteredOutcome } from "../suggest/suggestion.ts";

/** Settings or outcomes by name, in the units of the campaign. */
export type Values = Readonly<Record<string, number | string>>;

/** How an experiment stands. `withdrawn`: asked, and never to be made. */
export type ExperimentStatus = "ok" | "failed" | "pending" | "withdrawn";

/** First entry of a journal: what is searched, and what for. */
export interface StartEntry {
  readonly kind: "start";
  readonly format: "materiome-campaign";
  readonly version: 1;
  readonly seed: number;
  /** As `writeSpace` gives it. */
  readonly space: Json;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Spec[];
  /** Versions of the experiment and what they cost; absent where there is one. */
  readonly fidelity?: Fidelity | undefined;
  /** How settings scatter when they are run, and what of it counts; absent where they are met exactly. */
  readonly disturbance?: Disturbance | undefined;
  readonly note?: string | undefined;
}

/** A suggestion as the journal keeps it: what to do, and why. */
export interface AskedExperiment {
  readonly id: string;
  readonly settings: Values;
  readonly method: string;
  readonly expected: readonly ExpectedOutcome[];
  /** Where settings scatter. */
  readonly underScatter?: readonly ScatteredOutcome[] | undefined;
  readonly acquisition?: number | undefined;
  readonly exploitShare?: number | undefined;
  readonly feasibleProbability: number;
  /** Experiment that was nearest among those tried, and its distance. */
  readonly nearest?: { readonly id: string; readonly distance: number } | undefined;
  readonly variables: readonly { readonly name: string; readonly share: number }[];
}

/** Suggestions that were asked for. */
export interface AskEntry {
  readonly kind: "ask";
  readonly suggestions: readonly AskedExperiment[];
  /** Settings held in this batch. */
  readonly fixed?: Values | undefined;
  /** Variables whose value the whole batch shares. */
  readonly shared?: readonly string[] | undefined;
  readonly notes: readonly string[];
  /** Largest expected improvement, in the unit of the objective; of several in hypervolume. */
  readonly expectedGain?: number | undefined;
  /** With several objectives: what noise alone would seem to gain in hypervolume. */
  readonly noiseGain?: number | undefined;
  /** Measurement noise of the objective as the surrogate sees it. */
  readonly noiseStd?: number | undefined;
}

/** One result, or word that there is none. */
export interface ToldResult {
  readonly id: string;
  readonly status: ExperimentStatus;
  /** As run, which may be another setting than was asked. */
  readonly settings: Values;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Standard deviation of an outcome, where it is known. */
  readonly noiseStd?: Readonly<Record<string, number>> | undefined;
  /** Earlier results that this one takes the place of: `ENTRY.NUMBER`, both from 1. */
  readonly replaces?: readonly string[] | undefined;
  readonly note?: string | undefined;
}

/** Results that were told. */
export interface TellEntry {
  readonly kind: "tell";
  readonly results: readonly ToldResult[];
  /** File they came from. */
  readonly source?: string | undefined;
}

/** Another space, other objectives, constraints or scatter from here on; what is absent stays. */
export interface ChangeEntry {
  readonly kind: "change";
  readonly space?: Json | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  readonly constraints?: readonly Spec[] | undefined;
  /** Null: settings are met exactly from here on. */
  readonly disturbance?: Disturbance | null | undefined;
  /** Values that variables which are new had in every experiment so far. */
  readonly assume?: Values | undefined;
  readonly note?: string | undefined;
}

/** A person accepts edits that were made by hand to entries before this one. */
export interface AcceptEntry {
  readonly kind: "accept";
  /** Numbers of the entries that were edited. */
  readonly entries: readonly number[];
  /** Checksum of everything before this entry, as it was accepted. */
  readonly digest: string;
}

/** An entry was cut off while it was written; what was there of it. */
export interface RepairEntry {
  readonly kind: "repair";
  readonly dropped: string;
}

export type EntryBody = StartEntry | AskEntry | TellEntry | ChangeEntry | AcceptEntry | RepairEntry;

/** An entry as it stands in a journal: its number from 1 and when it was written (ISO 8601). */
export type JournalEntry = EntryBody & { readonly n: number; readonly at: string };
