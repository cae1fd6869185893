import { DataError, DomainError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { parseUnit } from "../units/unit.ts";
import type { CategoryColumn, Column, NumberColumn, TextColumn } from "./column.ts";
import { createNumberColumn } from "./columns.ts";
import { columnTexts } from "./columnTexts.ts";
import { codesOf, groupRows, type RowGroups } from "./groupRows.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { NUMBER_SUMMARIES, type NumberSummary, summarize } from "./summarize.ts";
import { Table } from "./table.ts";
import { takeColumnRows } from "./takeTableRows.ts";

export interface AggregateRowsOptions {
  /**
   * What number columns become. One summary keeps the column's name (except `std`, `sem` and `count`); of several each
   * makes a column, `grain size mean`, `grain size std`, … @defaultValue "mean"
   */
  readonly numbers?: NumberSummary | readonly NumberSummary[] | undefined;
  /** Summaries of single number columns (name or header), in place of `numbers`. @defaultValue none */
  readonly columns?: Readonly<Record<string, NumberSummary | readonly NumberSummary[]>> | undefined;
  /**
   * What categories, formulas and texts become where the rows of a group differ: an error that lists them, a missing
   * value, the value of the first row, or the most frequent one (of equally frequent ones the earliest).
   * @defaultValue "error"
   */
  readonly texts?: "error" | "missing" | "first" | "most frequent" | undefined;
  /** Number column of weights for `mean`, `std` and `sem`, such as a number of grains or an area. @defaultValue none */
  readonly weights?: string | undefined;
}

/**
 * One row per group of rows that agree in the columns `by` (as {@link groupRows} compares), in the order of first
 * appearance; each keeps the number of its first row. Missing values are left out of a summary.
 *
 * A `std` or `sem` column has the role `uncertainty` and describes the mean; a `count` has no unit and the role `note`.
 * Columns that are uncertainties themselves get none of these three unless `columns` asks for it. A censoring mark stays
 * where any row of the group bears it: the mean of limits and values is a limit.
 *
 * @param by - names or headers of columns; at least one
 * @throws DataError for unknown columns or summaries, texts that differ within a group (all of them listed), or two result
 * columns of one name
 * @throws DomainError listing the rows where a weight is missing or not positive
 * @example
 * aggregateRows(micrographs, ["sample"], { numbers: ["mean", "std", "count"], weights: "n grains" });
 */
export function aggregateRows(table: Table, by: readonly string[], options: AggregateRowsOptions = {}): Table {
  const keys = by.map((name) => resolveColumn(table, name));
  if (keys.length === 0) throw new DataError("aggregateRows: name at least one column to group by");
  const groups = groupRows(
    table,
    keys.map((key) => key.name),
  );
  return aggregateGroups(table, groups, keys, options);
}

/** As {@link aggregateRows}, for groups that were made before. */
export function aggregateGroups(
  table: Table,
  groups: RowGroups,
  keys: readonly Column[],
  options: AggregateRowsOptions,
): Table {
  const members = rowsOfGroups(groups);
  const firsts = Int32Array.from(members, (rows) => rows[0] ?? -1);
  const weights = options.weights === undefined ? undefined : table.number(resolveColumn(table, options.weights).name);
  if (weights !== undefined) checkWeights(table, weights);
  const special = new Map(
    Object.entries(options.columns ?? {}).map(([name, summaries]) => [resolveColumn(table, name).name, summaries]),
  );
  const problems: string[] = [];
  const columns: Column[] = [];
  for (const column of table.columns) {
    if (keys.includes(column)) columns.push(takeColumnRows(column, firsts));
    else if (column.kind === "number") {
      const summaries = checked([special.get(column.name) ?? options.numbers ?? "mean"].flat()).filter(
        (summary) => column.role !== "uncertainty" || special.has(column.name) || !isSpread(summary),
      );
      columns.push(...summarized(column, members, summaries, column === weights ? undefined : weights));
    } else {
      columns.push(agreed(table, column, members, options.texts ?? "error", problems));
    }
  }
  if (problems.length > 0) {
    throw new DataError(
      `aggregateRows: values differ within a group:\n  ${shortened(problems).join("\n  ")}\ngroup by these columns too, drop them, or say texts: "missing", "first" or "most frequent"`,
      { location: { file: table.source } },
    );
  }
  const rowNumbers = columns.length === 0 ? undefined : firsts.map((row) => table.rowNumber(row));
  return new Table(
    columns.map((column) => describingCentre(column, columns)),
    table.source,
    rowNumbers,
  );
}

/** Uncertainty and censor columns follow the column they describe to the name of its mean or median. */
function describingCentre(column: Column, all: readonly Column[]): Column {
  const { describes } = column;
  if (describes === undefined || all.some((other) => other.name === describes)) return column;
  const centre = all.find((other) => other.name === `${describes} mean` || other.name === `${describes} median`);
  return centre === undefined ? column : { ...column, describes: centre.name };
}

/** Rows of each group, ascending. */
export function rowsOfGroups(groups: RowGroups): number[][] {
  const members: number[][] = Array.from({ length: groups.nGroups }, () => []);
  for (const [i, code] of groups.codes.entries()) members[code]?.push(i);
  return members;
}

const SCATTER: readonly NumberSummary[] = ["std", "sem"];

function isSpread(summary: NumberSummary): boolean {
  return SCATTER.includes(summary) || summary === "count";
}

function summarized(
  column: NumberColumn,
  members: readonly (readonly number[])[],
  summaries: readonly NumberSummary[],
  weights: NumberColumn | undefined,
): NumberColumn[] {
  const nameOf = (summary: NumberSummary): string =>
    summaries.length === 1 && !isSpread(summary) ? column.name : `${column.name} ${summary}`;
  const centre = summaries.find((summary) => summary === "mean") ?? summaries.find((summary) => summary === "median");
  const present = members.map((rows) => rows.filter((row) => column.valid[row] !== 0));
  const valuesOf = (source: NumberColumn): number[][] =>
    present.map((rows) => rows.map((row) => source.values[row] ?? Number.NaN));
  const groups = valuesOf(column);
  const groupWeights = weights === undefined ? undefined : valuesOf(weights);
  return summaries.map((summary) => {
    const values = groups.map((group, g) => summarize(summary, group, groupWeights?.[g]));
    const name = nameOf(summary);
    const made = createNumberColumn(name, values, { role: column.role, unit: column.unit });
    if (summary === "count") return { ...made, role: "note", unit: "" };
    if (SCATTER.includes(summary)) {
      const describes = centre === undefined ? undefined : nameOf(centre);
      return { ...made, role: "uncertainty", ...(describes === undefined ? {} : { describes }) };
    }
    const { values: _values, valid: _valid, notation: _notation, ...info } = column;
    // A sum of temperatures on a scale with an offset would not be a temperature; every other summary stays what it was.
    if (summary === "sum" && parseUnit(column.unit).offset !== 0) {
      throw new DomainError(`aggregateRows: the sum of temperatures in ${column.unit} has no meaning; convert to K or take the mean`, { location: { column: column.name } }); // biome-ignore format: one message
    }
    return { ...info, name, kind: "number", values: made.values, valid: made.valid };
  });
}

function agreed(
  table: Table,
  column: CategoryColumn | TextColumn,
  members: readonly (readonly number[])[],
  how: "error" | "missing" | "first" | "most frequent",
  problems: string[],
): Column {
  const codes = codesOf(column);
  const picked = Int32Array.from(members, (rows) => {
    const present = rows.filter((row) => (codes[row] ?? -1) >= 0);
    const first = present[0];
    if (first === undefined) return -1;
    const other = present.find((row) => codes[row] !== codes[first]);
    if (other === undefined || how === "first") return first;
    if (how === "missing") return -1;
    if (how === "error") {
      const texts = columnTexts(column);
      problems.push(
        `column "${column.name}": "${texts[first]}" in row ${table.rowNumber(first)}, "${texts[other]}" in row ${table.rowNumber(other)}`,
      );
      return -1;
    }
    const counts = new Map<number, number>();
    for (const row of present) counts.set(codes[row] ?? -1, (counts.get(codes[row] ?? -1) ?? 0) + 1);
    const most = Math.max(...counts.values());
    return present.find((row) => counts.get(codes[row] ?? -1) === most) ?? first;
  });
  return takeColumnRows(column, picked);
}

function checked(summaries: readonly NumberSummary[]): readonly NumberSummary[] {
  for (const summary of summaries) {
    if (NUMBER_SUMMARIES.includes(summary)) continue;
    const near = nearestNames(summary, NUMBER_SUMMARIES, 1)[0];
    const hint = near === undefined ? `known are ${NUMBER_SUMMARIES.join(", ")}` : `did you mean "${near}"?`;
    throw new DataError(`aggregateRows: no summary "${summary}"; ${hint}`);
  }
  return summaries;
}

function checkWeights(table: Table, weights: NumberColumn): void {
  const bad = Array.from(weights.values.keys()).filter(
    (i) => !((weights.values[i] ?? 0) > 0 && weights.valid[i] !== 0),
  );
  if (bad.length === 0) return;
  const shown = shortened(
    bad.map((i) => `${table.rowNumber(i)} (${weights.valid[i] === 0 ? "missing" : weights.values[i]})`),
  );
  throw new DomainError(`aggregateRows: weights must be positive; they are not in rows ${shown.join(", ")}`, {
    location: { file: table.source, column: weights.name },
  });
}

/** The first twenty lines, and how many more there are. */
export function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= 20 ? lines : [...lines.slice(0, 20), `… and ${lines.length - 20} more`];
}
