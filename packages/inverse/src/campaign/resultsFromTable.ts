import {
  type Column,
  columnTexts,
  convertDifference,
  convertUnit,
  DataError,
  isMateriomeError,
  resolveColumn,
  type Table,
  UnitError,
} from "@materiome/core";
import type { CampaignState } from "./campaignState.ts";
import type { ExperimentStatus } from "./entry.ts";
import { holdsNumbers } from "./holdsNumbers.ts";
import type { NewResult } from "./results.ts";

export interface ResultsFromTableOptions {
  /** Status of rows that state none; `ok` goes to rows with an outcome only. @defaultValue "ok" */
  readonly status?: ExperimentStatus | undefined;
  /** Columns of standard deviations, by outcome. @defaultValue columns of role `uncertainty` that describe an outcome */
  readonly noise?: Readonly<Record<string, string>> | undefined;
}

export interface TableResults {
  readonly results: readonly NewResult[];
  /** Units that were converted or taken as given, rows that say nothing. */
  readonly notes: readonly string[];
}

const STATUSES: readonly ExperimentStatus[] = ["ok", "failed", "pending", "withdrawn"];

/**
 * Results from a table as a person fills it in: {@link experimentsTable} with outcomes, or any table with the settings as columns.
 * Columns are found by name, whatever their case; units are converted; other columns are left alone. A row without outcome
 * and status says nothing yet.
 *
 * @throws DataError naming row and column for text where numbers are needed, limits (`<5`), or an unknown status
 * @throws UnitError for a unit that cannot be converted
 * @example
 * const { results, notes } = resultsFromTable(campaign.state, readTable(csv, { file: "batch.csv" }));
 */
export function resultsFromTable(
  state: CampaignState,
  table: Table,
  options: ResultsFromTableOptions = {},
): TableResults {
  const notes: string[] = [];
  const taken = new Set([...state.space.variables, ...state.space.fixed, ...state.outcomes].map(({ name }) => name));
  const column = (name: string): Column | undefined => {
    const found = findColumn(table, name);
    // "T" is no way to write "t" where both are settings.
    return found !== undefined && found.name !== name && taken.has(found.name) ? undefined : found;
  };
  const numbers = (name: string, unit: string): Float64Array | undefined => {
    const found = column(name);
    return found === undefined ? undefined : numbersIn(table, found, { name, unit }, notes);
  };
  const inputs = [...state.space.variables, ...state.space.fixed];
  const settings = inputs.map((input) => {
    const isText = !holdsNumbers(input);
    const found = isText ? column(input.name) : undefined;
    return {
      name: input.name,
      texts: found === undefined ? undefined : columnTexts(found),
      values: isText ? undefined : numbers(input.name, input.unit),
    };
  });
  const outcomes = state.outcomes.map(({ name, unit }) => {
    refuseLimits(table, name);
    return { name, values: numbers(name, unit), std: noiseOf(table, name, unit, options) };
  });
  if (
    outcomes.every(({ values }) => values === undefined) &&
    options.status === undefined &&
    column("status") === undefined
  ) {
    const names = state.outcomes.map(({ name }) => `"${name}"`).join(", ");
    throw new DataError(`no outcome is a column here; expected ${names}`, { location: { file: table.source } });
  }
  const ids = textsOf(column("id") ?? table.columns.find(({ role }) => role === "id"));
  const statuses = textsOf(column("status"));
  const remarks = textsOf(column("note"));
  const results: NewResult[] = [];
  const silent: number[] = [];
  for (let i = 0; i < table.nRows; i++) {
    const row = table.rowNumber(i);
    const told = presentOf(outcomes.map(({ name, values }) => [name, values?.[i]]));
    const own = statusIn(table, statuses?.[i], row);
    const isTold = Object.keys(told).length > 0;
    const status = own ?? (options.status === "ok" || options.status === undefined ? undefined : options.status);
    if (!isTold && status === undefined) {
      silent.push(row);
      continue;
    }
    const noiseStd = isTold ? presentOf(outcomes.map(({ name, std }) => [name, std?.[i]])) : {};
    results.push({
      id: ids?.[i],
      status,
      settings: presentOf(settings.map(({ name, texts, values }) => [name, texts?.[i] ?? values?.[i]])),
      outcomes: told,
      ...(Object.keys(noiseStd).length === 0 ? {} : { noiseStd }),
      note: remarks?.[i],
      row,
    });
  }
  if (silent.length > 0) {
    notes.push(
      `${silent.length === 1 ? "row" : "rows"} ${silent.join(", ")}: neither outcome nor status, left as they are`,
    );
  }
  return { results, notes };
}

function findColumn(table: Table, name: string): Column | undefined {
  try {
    return resolveColumn(table, name);
  } catch (error) {
    if (isMateriomeError(error) && !error.message.includes("could be any of")) return undefined;
    throw error;
  }
}

/** Numbers of a column in the unit wanted; NaN where there are none. */
function numbersIn(
  table: Table,
  column: Column,
  wanted: { readonly name: string; readonly unit: string },
  notes: string[],
): Float64Array {
  if (column.kind !== "number") {
    const i = columnTexts(column).findIndex((text) => text !== undefined && !Number.isFinite(Number(text)));
    const location = { file: table.source, row: table.rowNumber(Math.max(0, i)), column: column.name };
    throw new DataError(
      `expected a number, found "${columnTexts(column)[i]}"; leave the cell empty and write failed into a column "status" where an experiment gave nothing`,
      { location },
    );
  }
  if (column.unit === wanted.unit) return column.values;
  if (column.unit === "" || wanted.unit === "") {
    if (column.unit === "") notes.push(`"${wanted.name}" has no unit in the table; taken as ${wanted.unit}`);
    else
      notes.push(
        `"${wanted.name}" is in ${column.unit} in the table and has no unit in the campaign; taken as it stands`,
      );
    return column.values;
  }
  try {
    const values = convertUnit(column.values, column.unit, wanted.unit).map((value) => Number(value.toPrecision(12)));
    notes.push(`"${wanted.name}" converted from ${column.unit} to ${wanted.unit}`);
    return values;
  } catch (cause) {
    if (!(cause instanceof UnitError)) throw cause;
    throw new UnitError(cause.message, { location: { file: table.source, column: column.name }, cause });
  }
}

/** `<5` is read as 5 with a mark beside it: a limit is no measurement. */
function refuseLimits(table: Table, outcome: string): void {
  const mark = table.columns.find(({ role, describes }) => role === "censor" && describes === outcome);
  if (mark === undefined) return;
  const i = columnTexts(mark).findIndex((text) => text !== undefined);
  throw new DataError("a limit is no measurement, and campaigns do not learn from limits; leave the cell empty", {
    location: { file: table.source, row: table.rowNumber(Math.max(0, i)), column: outcome },
  });
}

function noiseOf(
  table: Table,
  outcome: string,
  unit: string,
  options: ResultsFromTableOptions,
): Float64Array | undefined {
  const asked = options.noise?.[outcome];
  const column =
    asked === undefined
      ? table.columns.find(({ role, describes }) => role === "uncertainty" && describes === outcome)
      : resolveColumn(table, asked);
  if (column === undefined) return undefined;
  const values = numbersIn(table, { ...column, unit }, { name: column.name, unit }, []);
  return column.unit === "" || column.unit === unit ? values : convertDifference(values, column.unit, unit);
}

function statusIn(table: Table, text: string | undefined, row: number): ExperimentStatus | undefined {
  if (text === undefined) return undefined;
  const status = STATUSES.find((known) => known === text.trim().toLowerCase());
  if (status !== undefined) return status;
  throw new DataError(`"${text}" is no status; write ${STATUSES.join(", ")}, or leave the cell empty`, {
    location: { file: table.source, row, column: "status" },
  });
}

function textsOf(column: Column | undefined): readonly (string | undefined)[] | undefined {
  return column === undefined ? undefined : columnTexts(column);
}

function presentOf<V extends number | string>(
  entries: readonly (readonly [string, V | undefined])[],
): Readonly<Record<string, V>> {
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, V] => entry[1] !== undefined && !Number.isNaN(entry[1])),
  );
}
