import { DataError } from "@materiome/core";
import type { CampaignState, Experiment, Run } from "./campaignState.ts";
import type { TellEntry, ToldResult } from "./entry.ts";
import { checkResult, type NewResult } from "./results.ts";

export interface TellEntryOptions {
  /**
   * What a further, different result of an experiment is that was told before: a `replicate`, or a `correction` in place of the
   * earlier ones. @defaultValue "refuse"
   */
  readonly repeated?: "refuse" | "replicate" | "correct" | undefined;
  /** File the results come from. */
  readonly source?: string | undefined;
}

/** What a `tell` writes down, and what the person should know. */
export interface DecidedTell {
  /** Undefined where everything was told before. */
  readonly entry: TellEntry | undefined;
  readonly notes: readonly string[];
  /** Results that were told before, and are not told again. */
  readonly alreadyTold: readonly string[];
}

/**
 * Decides what results add to a campaign; nothing is written. A file that is filled in bit by bit may be told again and again:
 * rows that were told before are left out; rows beside them are new replicates; rows that say more of the same measurement
 * take its place. A row that contradicts what was told is refused unless `repeated` says what it is.
 *
 * @throws DataError, DomainError as {@link checkResult}, and for results that contradict what was told before
 */
export function decideTell(
  state: CampaignState,
  told: readonly NewResult[],
  options: TellEntryOptions = {},
): DecidedTell {
  const notes: string[] = [];
  const alreadyTold: string[] = [];
  const results: ToldResult[] = [];
  const freeId = idSource(state, told);
  const rowOf = new Map<ToldResult, number>();
  const checked = told.map((one) => {
    const { result, notes: more } = checkResult(state, one, freeId(one.id));
    notes.push(...more);
    if (one.row !== undefined) rowOf.set(result, one.row);
    return { result, isNamed: (one.id ?? "").trim() !== "" };
  });
  const unnamed = state.experiments.filter(({ id }) => /^T\d+$/.test(id)).flatMap(({ runs }) => runs);
  const unmatchedUnnamed = new Set(unnamed);
  for (const { result } of checked.filter(({ isNamed }) => !isNamed)) {
    const same = [...unmatchedUnnamed].find((run) => repeats(run, result));
    if (same === undefined || options.repeated === "replicate") results.push(result);
    else {
      unmatchedUnnamed.delete(same);
      alreadyTold.push(same.id);
    }
  }
  const named = checked.filter(({ isNamed }) => isNamed).map(({ result }) => result);
  for (const id of new Set(named.map((result) => result.id))) {
    const rows = named.filter((result) => result.id === id);
    const experiment = state.experiments.find((known) => known.id === id);
    const sorted = againstTold(experiment, rows, options.repeated ?? "refuse", rowOf);
    results.push(...sorted.added);
    if (sorted.alreadyTold > 0) alreadyTold.push(id);
  }
  if (alreadyTold.length > 0) notes.push(`told before, left out: ${alreadyTold.join(", ")}`);
  const entry: TellEntry = { kind: "tell", results, source: options.source };
  return { entry: results.length === 0 ? undefined : entry, notes, alreadyTold };
}

function againstTold(
  experiment: Experiment | undefined,
  rows: readonly ToldResult[],
  repeated: NonNullable<TellEntryOptions["repeated"]>,
  rowOf: ReadonlyMap<ToldResult, number>,
): { readonly added: readonly ToldResult[]; readonly alreadyTold: number } {
  const open = new Set(experiment?.runs ?? []);
  const take = (matches: (run: Run) => boolean): Run | undefined => {
    const found = [...open].find(matches);
    if (found !== undefined) open.delete(found);
    return found;
  };
  const fresh = rows.filter((row) => take((run) => repeats(run, row)) === undefined);
  const isSameStatus = (row: ToldResult): boolean =>
    experiment?.status === row.status && row.status !== "ok" && row.status !== "failed";
  const added: ToldResult[] = [];
  for (const row of fresh.filter((one) => !isSameStatus(one))) {
    const extended = take((run) => extendsRun(run, row));
    if (extended !== undefined) added.push({ ...row, replaces: [extended.key] });
    else if (open.size === 0 || repeated === "replicate") added.push(row);
    else if (repeated === "correct") {
      added.push({ ...row, replaces: [...open].map(({ key }) => key) });
      open.clear();
    } else throw new DataError(contradiction(row, [...open], rowOf.get(row)));
  }
  return { added, alreadyTold: rows.length - added.length };
}

function contradiction(row: ToldResult, open: readonly Run[], rowNumber: number | undefined): string {
  const isOther = (name: string): boolean => open.some(({ settings }) => settings[name] !== row.settings[name]);
  const names = [...new Set([...open, row].flatMap(({ settings }) => Object.keys(settings)))].filter(isOther);
  const before = open.map((run) => `${said(run, names)} (${run.key})`).join(" and ");
  const at = rowNumber === undefined ? "" : `row ${rowNumber}, `;
  return `${at}result of ${row.id}: told before as ${before}, now ${said(row, names)}; say whether it is a further measurement ("replicate") or a correction ("correct"): --again, or the option repeated`;
}

function said({ status, outcomes, settings }: Run | ToldResult, names: readonly string[]): string {
  const list = (pairs: readonly (readonly [string, number | string | undefined])[]): string =>
    pairs.map(([name, value]) => `${name} = ${value ?? "not given"}`).join(", ");
  const what = status === "ok" ? list(Object.entries(outcomes)) : status;
  return names.length === 0 ? what : `${what} at ${list(names.map((name) => [name, settings[name]]))}`;
}

/** The same status, settings and outcomes. */
function repeats(run: Run, row: ToldResult): boolean {
  return (
    run.status === row.status &&
    isWithin(run.outcomes, row.outcomes) &&
    isWithin(row.outcomes, run.outcomes) &&
    isWithin(run.settings, row.settings)
  );
}

/** The outcomes told before, and others. */
function extendsRun(run: Run, row: ToldResult): boolean {
  return run.status === "ok" && isWithin(run.outcomes, row.outcomes) && isWithin(run.settings, row.settings);
}

function isWithin(part: Readonly<Record<string, unknown>>, whole: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}

/** Names `T1`, `T2`, … that nobody has yet, in the rows beside them neither. */
function idSource(state: CampaignState, told: readonly NewResult[]): (own: string | undefined) => string {
  const taken = new Set([...state.experiments, ...told].map(({ id }) => id?.trim()));
  let k = 0;
  return (own) => {
    if (own !== undefined && own.trim() !== "") return own;
    do k++;
    while (taken.has(`T${k}`));
    return `T${k}`;
  };
}
