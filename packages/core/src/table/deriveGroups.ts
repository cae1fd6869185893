import { DataError } from "../errors/errors.ts";
import { codesOf, groupRows, type RowGroups } from "./groupRows.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";

/** Groups of rows that must not be split between fitting and checking, and where they come from. */
export interface DerivedGroups extends RowGroups {
  /** `declared`: group columns; `derived`: rows of one composition; `none`: every row is a group of its own. */
  readonly kind: "declared" | "derived" | "none";
  /** Columns that the groups were made from. */
  readonly columns: readonly string[];
  /** One sentence for the report. */
  readonly reason: string;
}

export interface DeriveGroupsOptions {
  /** Columns to group by, instead of the columns of role `group`. */
  readonly columns?: readonly string[] | undefined;
}

/**
 * Groups of related rows.
 *
 * Declared groups come first: the columns given, else the columns of role `group`. Of several, rows that share a value in
 * *any* of them belong together, and so do rows linked through others (connected components): the only choice that keeps
 * every declared relation inside one group. A row without any value is a group of its own.
 *
 * Otherwise rows that share one composition are one heat: equal in every column of role `composition`, formulas compared
 * by what they mean. That is used only where it says something: at least two groups, and at least one of two rows.
 *
 * @throws DataError for an unknown column or one without values
 * @example
 * const { codes, nGroups, kind } = deriveGroups(table); // kind "derived", 120 heats of 3 rows
 */
export function deriveGroups(table: Table, options: DeriveGroupsOptions = {}): DerivedGroups {
  const declared =
    options.columns?.map((name) => resolveColumn(table, name).name) ??
    table.withRole("group").map((column) => column.name);
  if (declared.length > 0) return declaredGroups(table, declared);
  const composition = table
    .withRole("composition")
    .filter((column) => column.kind !== "text")
    .map((column) => column.name);
  const alone: DerivedGroups = {
    codes: Int32Array.from({ length: table.nRows }, (_, i) => i),
    nGroups: table.nRows,
    kind: "none",
    columns: [],
    reason: "no group column, and no composition by which rows could belong together",
  };
  if (composition.length === 0) return alone;
  const groups = groupRows(table, composition);
  if (groups.nGroups === table.nRows) return { ...alone, reason: "every row has a composition of its own" };
  if (groups.nGroups < 2) return { ...alone, reason: "all rows share one composition, so it separates nothing" };
  return {
    ...groups,
    kind: "derived",
    columns: composition,
    reason: `rows that share one composition (${composition.join(", ")}) are one heat: ${groups.nGroups} heats in ${table.nRows} rows`,
  };
}

function declaredGroups(table: Table, columns: readonly string[]): DerivedGroups {
  const parent = Int32Array.from({ length: table.nRows }, (_, i) => i);
  const root = (row: number): number => {
    let r = row;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r] ?? r] ?? r;
      r = parent[r] ?? r;
    }
    return r;
  };
  for (const name of columns) {
    const codes = codesOf(table.column(name));
    const first = new Map<number, number>();
    for (const [i, code] of codes.entries()) {
      if (code < 0) continue;
      const other = first.get(code);
      if (other === undefined) first.set(code, i);
      else parent[root(i)] = root(other);
    }
    if (first.size === 0) {
      throw new DataError("the group column has no values", { location: { file: table.source, column: name } });
    }
  }
  const index = new Map<number, number>();
  const codes = Int32Array.from({ length: table.nRows }, (_, i) => {
    const r = root(i);
    const code = index.get(r) ?? index.size;
    index.set(r, code);
    return code;
  });
  const how = columns.length === 1 ? `the column ${columns[0]}` : `rows linked by any of ${columns.join(", ")}`;
  return {
    codes,
    nGroups: index.size,
    kind: "declared",
    columns,
    reason: `groups from ${how}: ${index.size} groups in ${table.nRows} rows`,
  };
}
