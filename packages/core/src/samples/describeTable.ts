import { quantileSorted } from "../statistics/quantile.ts";
import { type Column, type ColumnKind, type ColumnRole, columnLength } from "../table/column.ts";
import { countPresent } from "../table/columnTexts.ts";
import { codesOf } from "../table/groupRows.ts";
import { summarize } from "../table/summarize.ts";
import type { Table } from "../table/table.ts";

/** What can be said of one column at a glance. The numbers are undefined for other kinds, and where no value is finite. */
export interface ColumnSummary {
  readonly name: string;
  readonly role: ColumnRole;
  readonly kind: ColumnKind;
  readonly unit: string;
  readonly nPresent: number;
  readonly nMissing: number;
  /** Different values; formulas count as equal where they mean the same. */
  readonly nUnique: number;
  /** Values that are NaN or infinite without being missing; the statistics leave them out. */
  readonly nNonFinite: number;
  readonly min?: number | undefined;
  readonly median?: number | undefined;
  readonly max?: number | undefined;
  readonly mean?: number | undefined;
  /** Sample standard deviation (n − 1); undefined below two values. */
  readonly std?: number | undefined;
  /** The most frequent value of other kinds, and how often it occurs. */
  readonly mostFrequent?: { readonly value: string; readonly count: number } | undefined;
}

export interface TableSummary {
  readonly nRows: number;
  readonly source: string | undefined;
  readonly columns: readonly ColumnSummary[];
  /** The same as a text of aligned columns. */
  readonly text: string;
}

/**
 * One line per column: values present and missing, different values, role, unit, and minimum, median, maximum, mean and
 * standard deviation of numbers or the most frequent of other values.
 *
 * @example
 * process.stdout.write(describeTable(table).text);
 */
export function describeTable(table: Table): TableSummary {
  const columns = table.columns.map(summaryOf);
  return { nRows: table.nRows, source: table.source, columns, text: textOf(table, columns) };
}

function summaryOf(column: Column): ColumnSummary {
  const { name, role, kind, unit } = column;
  const nPresent = countPresent(column);
  const facts = { name, role, kind, unit, nPresent, nMissing: columnLength(column) - nPresent };
  if (column.kind === "number") {
    const finite = new Float64Array(nPresent);
    const odd = new Set<number>();
    let nFinite = 0;
    for (let i = 0; i < column.values.length; i++) {
      const value = column.values[i] ?? Number.NaN;
      if (column.valid[i] === 0) continue;
      if (Number.isFinite(value)) finite[nFinite++] = value;
      else odd.add(value);
    }
    return { ...facts, nNonFinite: nPresent - nFinite, ...statisticsOf(finite.subarray(0, nFinite).sort(), odd.size) };
  }
  const codes = codesOf(column);
  const counts = new Map<number, number>();
  for (const code of codes) {
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let most: readonly [code: number, count: number] = [-1, 0];
  for (const entry of counts) {
    if (entry[1] > most[1]) most = entry;
  }
  const at = codes.indexOf(most[0]);
  const value = column.kind === "category" ? column.labels[most[0]] : column.texts[at];
  return {
    ...facts,
    nUnique: counts.size,
    nNonFinite: 0,
    ...(most[1] === 0 || value === undefined ? {} : { mostFrequent: { value, count: most[1] } }),
  };
}

/** Of ascending values; `nOdd` different ones beside them are not finite. */
function statisticsOf(
  sorted: Float64Array,
  nOdd: number,
): Pick<ColumnSummary, "nUnique" | "min" | "median" | "max" | "mean" | "std"> {
  const nUnique = countDifferent(sorted) + nOdd;
  if (sorted.length === 0) return { nUnique };
  const values = Array.from(sorted);
  return {
    nUnique,
    min: sorted.at(0),
    median: quantileSorted(sorted, 0.5),
    max: sorted.at(-1),
    mean: summarize("mean", values),
    ...(sorted.length < 2 ? {} : { std: summarize("std", values) }),
  };
}

/** How many different values there are among ascending ones. */
function countDifferent(sorted: Float64Array): number {
  let count = 0;
  let before = Number.NaN;
  for (const value of sorted) {
    if (value !== before) count++;
    before = value;
  }
  return count;
}

const HEADINGS = ["column", "role", "unit", "n", "missing", "unique", "min", "median", "max", "mean", "std"];
const WIDEST = 44;

function textOf(table: Table, columns: readonly ColumnSummary[]): string {
  const rows = columns.map((column) => [
    clipped(column.name, WIDEST),
    column.role,
    column.unit,
    String(column.nPresent),
    column.nMissing === 0 ? "" : String(column.nMissing),
    String(column.nUnique),
    ...[column.min, column.median, column.max, column.mean, column.std].map((value) =>
      value === undefined ? "" : String(Number(value.toPrecision(5))),
    ),
  ]);
  const widths = HEADINGS.map((heading, k) =>
    Math.max(heading.length, ...rows.map((row) => [...(row[k] ?? "")].length)),
  );
  const line = (cells: readonly string[], tail: string): string =>
    `${cells.map((cell, k) => pad(cell, widths[k] ?? 0, k >= 3)).join("  ")}${tail}`.trimEnd();
  const lines = rows.map((row, k) => {
    const { mostFrequent, nNonFinite, kind } = columns[k] ?? {};
    const often =
      mostFrequent === undefined || kind === "text"
        ? ""
        : `  mostly ${clipped(mostFrequent.value, 30)} (${mostFrequent.count})`;
    const odd = nNonFinite === undefined || nNonFinite === 0 ? "" : `  ${nNonFinite} not finite`;
    const isNumber = kind === "number";
    return isNumber ? line(row, odd) : line(row.slice(0, 6), often);
  });
  const title = `${table.source ?? "table"}: ${counted(table.nRows, "row")}, ${counted(columns.length, "column")}`;
  return `${[title, line(HEADINGS, ""), ...lines].join("\n")}\n`;
}

function clipped(text: string, width: number): string {
  const characters = [...text.replace(/\s+/g, " ")];
  return characters.length <= width ? characters.join("") : `${characters.slice(0, width - 1).join("")}…`;
}

function pad(text: string, width: number, toRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - [...text].length));
  return toRight ? space + text : text + space;
}

function counted(n: number, what: string): string {
  return `${n} ${n === 1 ? what : `${what}s`}`;
}
