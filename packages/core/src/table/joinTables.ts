import { DataError, UnitError } from "../errors/errors.ts";
import { type AggregateRowsOptions, aggregateGroups, rowsOfGroups, shortened } from "./aggregateRows.ts";
import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";
import { takeColumnRows, takeTableRows } from "./takeTableRows.ts";

export interface JoinTablesOptions {
  /** Column that identifies rows, in both tables; several if only together they do. */
  readonly on: string | readonly string[];
  /** Its name in the right table, where it differs. @defaultValue `on` */
  readonly rightOn?: string | readonly string[] | undefined;
  /**
   * Left rows without a row on the right: their new columns get missing values, they are dropped, or all of them are
   * named in an error. @defaultValue "missing"
   */
  readonly unmatched?: "missing" | "drop" | "error" | undefined;
  /** Right rows that no left row asks for: left out (and reported), or named in an error. @defaultValue "ignore" */
  readonly unmatchedRight?: "ignore" | "error" | undefined;
  /**
   * What happens where an id has several rows on the right (many micrographs of one sample): they become one, as
   * {@link aggregateRows} does it. @defaultValue none: several rows are an error
   */
  readonly aggregate?: AggregateRowsOptions | undefined;
  /**
   * Compares ids without regard to case, to spaces, hyphens and underscores, and to the look of letters (NFKC):
   * `HT-07 a` = `ht07A`. @defaultValue false: ids are compared as they are written
   */
  readonly normalizeKeys?: boolean | undefined;
}

/** An id without a partner. */
export interface UnmatchedKey {
  readonly key: string;
  /** Rows of the file it stands in. */
  readonly rows: readonly number[];
}

export interface JoinedTables {
  readonly table: Table;
  /** Ids of the left table that the right one lacks, and the other way round. Rows without any id have the key "". */
  readonly onlyLeft: readonly UnmatchedKey[];
  readonly onlyRight: readonly UnmatchedKey[];
  /** How many left rows found a partner. */
  readonly nMatched: number;
  /** What a person should know of it, one finding per line. */
  readonly report: string;
}

/**
 * Brings the columns of `right` to the rows of `left` by a sample id. Several left rows may share a right row (specimens of
 * one heat); several right rows per id become one by `aggregate` (micrographs of one sample: mean, std, count).
 * Nobody is matched without an id.
 *
 * @throws DataError if an id has several rows in `right` and `aggregate` is not given (all of them named), both tables
 * have a further column of one name, a column is missing, or ids have no partner and that is refused
 * @throws UnitError if the columns of the ids are in different units
 * @example
 * const { table, report } = joinTables(samples, micrographs, { on: "sample", aggregate: { numbers: ["mean", "std", "count"] } });
 */
export function joinTables(left: Table, right: Table, options: JoinTablesOptions): JoinedTables {
  const leftKeys = [options.on].flat().map((name) => resolveColumn(left, name));
  const rightKeys = [options.rightOn ?? options.on].flat().map((name) => resolveColumn(right, name));
  if (leftKeys.length === 0 || leftKeys.length !== rightKeys.length) {
    throw new DataError(`joinTables: ${leftKeys.length} key columns on the left, ${rightKeys.length} on the right`);
  }
  refuseOtherUnits(leftKeys, rightKeys);
  const normalize = options.normalizeKeys === true ? normalized : (text: string): string => text;
  const leftIds = idsOf(leftKeys, normalize);
  const rightIds = idsOf(rightKeys, normalize);

  const groupOf = new Map<string, number>();
  const rightRows: number[] = [];
  const codes: number[] = [];
  for (const [i, id] of rightIds.entries()) {
    if (id === undefined) continue;
    const group = groupOf.get(id) ?? groupOf.size;
    groupOf.set(id, group);
    rightRows.push(i);
    codes.push(group);
  }
  const groups = { codes: Int32Array.from(codes), nGroups: groupOf.size };
  const named = takeTableRows(right, rightRows);
  if (options.aggregate === undefined) refuseRepeats(named, groups, rightKeys);
  const keysOfNamed = rightKeys.map((key) => named.column(key.name));
  const one = options.aggregate === undefined ? named : aggregateGroups(named, groups, keysOfNamed, options.aggregate);

  const partner = Int32Array.from(leftIds, (id) => (id === undefined ? -1 : (groupOf.get(id) ?? -1)));
  const wanted = new Set(partner);
  const onlyLeft = unmatchedKeys(left, leftKeys, (i) => partner[i] === -1);
  const onlyRight = unmatchedKeys(right, rightKeys, (i) => {
    const id = rightIds[i];
    return id === undefined || !wanted.has(groupOf.get(id) ?? -1);
  });
  const hint = options.normalizeKeys === true ? "" : spellingHint(leftKeys, rightKeys, partner);
  const refuse = (keys: readonly UnmatchedKey[], own: Table, other: Table, otherSide: string, column: string): void => {
    if (keys.length === 0) return;
    const lines = keys.map(({ key, rows }) => `${key === "" ? "no id" : `"${key}"`} (row ${rows.join(", ")})`);
    throw new DataError(
      `${keys.length} ${keys.length === 1 ? "id has" : "ids have"} no row in ${other.source ?? otherSide}: ${shortened(lines).join("; ")}${hint}`,
      { location: { file: own.source, column, ...(keys.length === 1 ? { row: keys[0]?.rows[0] } : {}) } },
    );
  };
  if (options.unmatched === "error") refuse(onlyLeft, left, right, "the right table", leftKeys[0]?.name ?? "");
  if (options.unmatchedRight === "error") refuse(onlyRight, right, left, "the left table", rightKeys[0]?.name ?? "");

  const added: Column[] = [];
  for (const column of one.columns) {
    if (rightKeys.some((key) => key.name === column.name)) continue;
    if (left.has(column.name)) {
      throw new DataError(`both tables have a column "${column.name}"; rename one or leave it out`, {
        location: { file: right.source, column: column.name },
      });
    }
    added.push(takeColumnRows(column, partner));
  }
  const all = new Table([...left.columns, ...added], left.source, left.rowNumbers);
  const matched = Array.from(partner.keys()).filter((i) => partner[i] !== -1);
  const table = options.unmatched === "drop" ? takeTableRows(all, matched) : all;
  const report = [
    `${matched.length} of ${left.nRows} rows of ${left.source ?? "the left table"} found a row in ${right.source ?? "the right table"}`,
    ...sideReport(onlyLeft, left.source ?? "the left table"),
    ...sideReport(onlyRight, right.source ?? "the right table"),
    ...(groups.nGroups < named.nRows ? [`${named.nRows} rows of ${right.source ?? "the right table"} became ${groups.nGroups}`] : []), // biome-ignore format: one line of the report
    ...(hint === "" ? [] : [hint.replace(/^; /, "")]),
  ].join("\n");
  return { table, onlyLeft, onlyRight, nMatched: matched.length, report };
}

/** 300 °C is not 300 K. */
function refuseOtherUnits(leftKeys: readonly Column[], rightKeys: readonly Column[]): void {
  for (const [k, left] of leftKeys.entries()) {
    const right = rightKeys[k];
    if (right === undefined || right.unit === left.unit) continue;
    throw new UnitError(
      `joinTables: "${left.name}" is in ${left.unit || "no unit"} on the left, "${right.name}" in ${right.unit || "no unit"} on the right; bring both to one unit (convertColumns, or a schema)`,
    );
  }
}

/** One text per row; undefined where any part of the id is missing. */
function idsOf(keys: readonly Column[], normalize: (text: string) => string): (string | undefined)[] {
  const texts = keys.map((key) => columnTexts(key));
  return Array.from({ length: texts[0]?.length ?? 0 }, (_, i) => {
    const parts = texts.map((column) => column[i]);
    return parts.some((part) => part === undefined)
      ? undefined
      : parts.map((part) => normalize(part ?? "")).join("\u0000");
  });
}

function normalized(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_\u2010-\u2015-]+/g, "");
}

function refuseRepeats(table: Table, groups: { codes: Int32Array; nGroups: number }, keys: readonly Column[]): void {
  const texts = keys.map((key) => columnTexts(table.column(key.name)));
  const repeated = rowsOfGroups(groups).filter((rows) => rows.length > 1);
  const first = repeated[0];
  if (first === undefined) return;
  const lines = repeated.map((rows) => {
    const spellings = [...new Set(rows.map((row) => texts.map((column) => column[row]).join(", ")))];
    return `"${spellings.join('" = "')}" in rows ${rows.map((row) => table.rowNumber(row)).join(", ")}`;
  });
  throw new DataError(
    `${repeated.length === 1 ? "an id occurs" : `${repeated.length} ids occur`} more than once: ${shortened(lines).join("; ")}; say how to aggregate their rows, or swap the tables to keep every row`,
    { location: { file: table.source, row: table.rowNumber(first[1] ?? 0), column: keys[0]?.name } },
  );
}

function unmatchedKeys(table: Table, keys: readonly Column[], isAlone: (row: number) => boolean): UnmatchedKey[] {
  const texts = keys.map((key) => columnTexts(key));
  const rowsOf = new Map<string, number[]>();
  for (let i = 0; i < table.nRows; i++) {
    if (!isAlone(i)) continue;
    const parts = texts.map((column) => column[i]);
    const key = parts.every((part) => part === undefined) ? "" : parts.map((part) => part ?? "?").join(", ");
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [table.rowNumber(i)]);
    else rows.push(table.rowNumber(i));
  }
  return [...rowsOf].map(([key, rows]) => ({ key, rows }));
}

/** Says so where ids would match if spelling were let go. */
function spellingHint(leftKeys: readonly Column[], rightKeys: readonly Column[], partner: Int32Array): string {
  if (!partner.includes(-1)) return "";
  const right = new Set(idsOf(rightKeys, normalized));
  const more = idsOf(leftKeys, normalized).filter((id, i) => partner[i] === -1 && id !== undefined && right.has(id));
  return more.length === 0
    ? ""
    : `; ${more.length} more would match with normalizeKeys, which lets case, spaces and hyphens go`;
}

function sideReport(keys: readonly UnmatchedKey[], where: string): string[] {
  if (keys.length === 0) return [];
  const shown = keys.slice(0, 10).map(({ key, rows }) => {
    const place = `row${rows.length === 1 ? "" : "s"} ${rows.slice(0, 5).join(", ")}${rows.length > 5 ? ", …" : ""}`;
    return `${key === "" ? "no id" : key} (${place})`;
  });
  return [`only in ${where}: ${shown.join("; ")}${keys.length > 10 ? `; … and ${keys.length - 10} more` : ""}`];
}
