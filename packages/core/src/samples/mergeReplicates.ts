import { DataError } from "../errors/errors.ts";
import { rowsOfGroups, shortened } from "../table/aggregateRows.ts";
import type { Column, NumberColumn } from "../table/column.ts";
import { createCategoryColumn, createNumberColumn } from "../table/columns.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { deriveColumn } from "../table/deriveColumn.ts";
import { codesOf, type RowGroups } from "../table/groupRows.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import { summarize } from "../table/summarize.ts";
import { Table } from "../table/table.ts";
import { takeColumnRows } from "../table/takeTableRows.ts";
import { replicateGroups } from "./replicateGroups.ts";

export interface MergeReplicatesOptions {
  /**
   * Columns (names or headers) in which replicates agree, such as a sample id. @defaultValue all inputs: composition,
   * process, condition and structure
   */
  readonly by?: readonly string[] | undefined;
  /** Measured number columns to average. @defaultValue role property, and role structure where `by` leaves it out */
  readonly measured?: readonly string[] | undefined;
  /** `merge` makes one row of each group; `keep` keeps all rows and marks their group in a new column. @defaultValue "merge" */
  readonly rows?: "merge" | "keep" | undefined;
  /** Scatter to add: sample standard deviation of one measurement, or standard error of the mean. @defaultValue "std" */
  readonly scatter?: "std" | "sem" | undefined;
  /**
   * Where replicates differ in something that is neither averaged nor id nor note (a route, a heat, a censoring mark):
   * refuse, listing all of it, or leave the value missing and report it. @defaultValue "error"
   */
  readonly disagreement?: "error" | "missing" | undefined;
}

/** Scatter of one measured column within the groups of replicates. */
export interface ReplicateScatter {
  readonly column: string;
  readonly unit: string;
  /** Groups with at least two values. */
  readonly nGroups: number;
  /** Σ (n − 1) over these groups. */
  readonly degreesOfFreedom: number;
  /** √(Σ (n − 1) s² / Σ (n − 1)): the standard deviation of one measurement; NaN without replicates. */
  readonly pooledStd: number;
}

/** Replicates that should agree in a column and do not. */
export interface Disagreement {
  readonly column: string;
  readonly rows: readonly number[];
  readonly values: readonly string[];
}

export interface MergedReplicates {
  readonly table: Table;
  /** Group of each row of the table given. */
  readonly groups: RowGroups;
  /** Groups of at least two rows. */
  readonly nReplicated: number;
  readonly scatter: readonly ReplicateScatter[];
  readonly disagreements: readonly Disagreement[];
  readonly report: string;
}

/**
 * Makes one row of rows that repeat one experiment: measured columns become their mean, with two columns beside each,
 * `… replicate std` (role uncertainty, missing where there was one value) and `… replicates` (their number, role note).
 * A σ that the table already had becomes the root mean square of the σ of its rows. Ids and notes stay where they agree
 * and become missing where not. Rows in which every column of `by` is missing are replicates of nothing.
 *
 * @throws DataError listing every disagreement (unless they may become missing), or for columns that do not exist
 * @example
 * const { table, scatter } = mergeReplicates(tests, { by: ["specimen"] });
 * scatter[0].pooledStd; // 11.3 MPa from 24 degrees of freedom
 */
export function mergeReplicates(table: Table, options: MergeReplicatesOptions = {}): MergedReplicates {
  const { groups, by } = replicateGroups(table, options.by);
  const members = rowsOfGroups(groups);
  const measured = measuredColumns(table, by, options.measured);
  const scatter = measured.map((column) => scatterOf(column, members));
  const nReplicated = members.filter((rows) => rows.length > 1).length;
  const report = reportOf(table, by, members, scatter);
  if (options.rows === "keep") {
    const name = freeName(table, "replicate group");
    const marks = Array.from(groups.codes, (code) => String(code + 1));
    const marked = deriveColumn(table, createCategoryColumn(name, marks, { role: "group" }));
    return { table: marked, groups, nReplicated, scatter, disagreements: [], report };
  }
  const firsts = Int32Array.from(members, (rows) => rows[0] ?? -1);
  const names = new Set(measured.map((column) => column.name));
  const disagreements: Disagreement[] = [];
  const columns = table.columns.flatMap((column): Column[] => {
    if (by.includes(column.name)) return [takeColumnRows(column, firsts)];
    if (column.kind === "number") {
      if (names.has(column.name)) return averaged(column, members, options.scatter ?? "std");
      if (column.role === "uncertainty" && names.has(column.describes ?? "")) return [rootMeanSquare(column, members)];
    }
    const isFree = column.role === "id" || column.role === "note";
    return [common(table, column, members, isFree ? undefined : disagreements)];
  });
  disagreements.push(...censoredMeans(table, members, names));
  if (disagreements.length > 0 && options.disagreement !== "missing") {
    const lines = disagreements.map(
      ({ column, rows, values }) => `"${column}" is ${values.join(" / ")} in rows ${rows.join(", ")}`,
    );
    throw new DataError(
      `mergeReplicates: rows that count as replicates disagree:\n  ${shortened(lines).join("\n  ")}\nadd these columns to "by", drop them, or say disagreement: "missing"`,
      { location: { file: table.source } },
    );
  }
  const rowNumbers = firsts.map((row) => table.rowNumber(row));
  const merged = new Table(columns, table.source, columns.length === 0 ? undefined : rowNumbers);
  return { table: merged, groups, nReplicated, scatter, disagreements, report };
}

function measuredColumns(
  table: Table,
  by: readonly string[],
  asked: readonly string[] | undefined,
): readonly NumberColumn[] {
  if (asked !== undefined) return asked.map((name) => table.number(resolveColumn(table, name).name));
  return table
    .withRole("property", "structure")
    .flatMap((column) => (column.kind === "number" && !by.includes(column.name) ? [column] : []));
}

function presentValues(column: NumberColumn, rows: readonly number[]): number[] {
  return rows.flatMap((row) => (column.valid[row] === 0 ? [] : [column.values[row] ?? Number.NaN]));
}

function averaged(column: NumberColumn, members: readonly (readonly number[])[], scatter: "std" | "sem"): Column[] {
  const values = members.map((rows) => presentValues(column, rows));
  const mean = createNumberColumn(
    "",
    values.map((group) => summarize("mean", group)),
    { role: column.role },
  );
  const spread = values.map((group) => summarize(scatter, group));
  const { name, unit } = column;
  const { notation: _notation, ...info } = column; // it counts cells of the file
  return [
    { ...info, values: mean.values, valid: mean.valid },
    createNumberColumn(`${name} replicate ${scatter}`, spread, { role: "uncertainty", unit, describes: name }),
    createNumberColumn(
      `${name} replicates`,
      values.map((group) => group.length),
      { role: "note" },
    ),
  ];
}

function rootMeanSquare(column: NumberColumn, members: readonly (readonly number[])[]): Column {
  const values = members.map((rows) => {
    const own = presentValues(column, rows);
    return Math.sqrt(
      summarize(
        "mean",
        own.map((sigma) => sigma * sigma),
      ),
    );
  });
  const { values: data, valid } = createNumberColumn("", values, { role: "uncertainty" });
  return { ...column, values: data, valid };
}

/** The value that all rows of a group share; missing, and noted, where they differ. */
function common(
  table: Table,
  column: Column,
  members: readonly (readonly number[])[],
  disagreements: Disagreement[] | undefined,
): Column {
  const codes = codesOf(column);
  const texts = disagreements === undefined ? [] : columnTexts(column);
  const picked = Int32Array.from(members, (rows) => {
    const present = rows.filter((row) => (codes[row] ?? -1) >= 0);
    const first = present[0] ?? -1;
    if (present.every((row) => codes[row] === codes[first])) return first;
    disagreements?.push({
      column: column.name,
      rows: present.map((row) => table.rowNumber(row)),
      values: [...new Set(present.map((row) => texts[row] ?? ""))],
    });
    return -1;
  });
  return takeColumnRows(column, picked);
}

/** Groups whose mean would be one of limits: marked rows with values that differ. */
function censoredMeans(
  table: Table,
  members: readonly (readonly number[])[],
  measured: ReadonlySet<string>,
): Disagreement[] {
  return table.withRole("censor").flatMap((mark) => {
    if (mark.describes === undefined || !measured.has(mark.describes)) return [];
    const column = table.number(mark.describes);
    const texts = columnTexts(mark);
    return members.flatMap((rows) => {
      const isMarked = rows.some((row) => texts[row] !== undefined && !NOT_CENSORED.test(texts[row] ?? ""));
      const values = [...new Set(presentValues(column, rows))];
      if (!isMarked || values.length < 2) return [];
      return [
        {
          column: `${column.name} (censored)`,
          rows: rows.map((row) => table.rowNumber(row)),
          values: values.map(String),
        },
      ];
    });
  });
}

const NOT_CENSORED = /^\s*(?:|0|no|none|false|n|=|exact|observed|failed|failure)\s*$/i;

function scatterOf(column: NumberColumn, members: readonly (readonly number[])[]): ReplicateScatter {
  let nGroups = 0;
  let degreesOfFreedom = 0;
  let squares = 0;
  for (const rows of members) {
    const values = rows.length < 2 ? [] : presentValues(column, rows);
    if (values.length < 2) continue;
    nGroups++;
    degreesOfFreedom += values.length - 1;
    squares += (values.length - 1) * summarize("std", values) ** 2;
  }
  const pooledStd = degreesOfFreedom === 0 ? Number.NaN : Math.sqrt(squares / degreesOfFreedom);
  return { column: column.name, unit: column.unit, nGroups, degreesOfFreedom, pooledStd };
}

function reportOf(
  table: Table,
  by: readonly string[],
  members: readonly (readonly number[])[],
  scatter: readonly ReplicateScatter[],
): string {
  const repeated = members.filter((rows) => rows.length > 1);
  const nRows = repeated.reduce((sum, rows) => sum + rows.length, 0);
  const lines = [
    `${repeated.length} of ${members.length} different samples were measured more than once (${nRows} of ${table.nRows} rows); replicates agree in ${by.join(", ")}`,
  ];
  for (const { column, unit, degreesOfFreedom, pooledStd } of scatter) {
    if (degreesOfFreedom === 0) continue;
    const value = `${Number(pooledStd.toPrecision(3))}${unit === "" ? "" : ` ${unit}`}`;
    lines.push(
      `${column}: standard deviation of one measurement ${value}, from ${degreesOfFreedom} ${degreesOfFreedom === 1 ? "degree" : "degrees"} of freedom`,
    );
  }
  return lines.join("\n");
}

function freeName(table: Table, name: string): string {
  if (!table.has(name)) return name;
  throw new DataError(`mergeReplicates: the table already has a column "${name}"; rename it`, {
    location: { file: table.source, column: name },
  });
}
