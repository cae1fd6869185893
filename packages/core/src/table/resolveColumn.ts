import { DataError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import type { Column } from "./column.ts";
import type { Table } from "./table.ts";

/**
 * The column that a person means: by its name, its header as it stands in the file, or either in another case (if that
 * fits one column only).
 *
 * @throws DataError naming the nearest columns if none fits, or the candidates if several do
 * @example
 * resolveColumn(table, "yield strength (mpa)").name; // "Yield strength"
 */
export function resolveColumn(table: Table, text: string): Column {
  const wanted = text.trim();
  if (table.has(wanted)) return table.column(wanted);
  const byHeader = table.columns.filter((column) => column.header === wanted);
  if (byHeader.length === 1 && byHeader[0] !== undefined) return byHeader[0];
  const fold = (name: string): string => name.trim().replace(/\s+/g, " ").toLowerCase();
  const matches = table.columns.filter(
    (column) =>
      fold(column.name) === fold(wanted) || (column.header !== undefined && fold(column.header) === fold(wanted)),
  );
  if (matches.length === 1 && matches[0] !== undefined) return matches[0];
  const location = { file: table.source };
  if (matches.length > 1) {
    throw new DataError(
      `"${text}" could be any of ${quoted(matches.map((column) => column.name))}; write the case as in the file`,
      { location },
    );
  }
  const shown = new Map(table.columns.flatMap((c) => [c.name, c.header ?? c.name].map((n) => [n, c.name] as const)));
  const near = [...new Set(nearestNames(wanted, [...shown.keys()]).map((name) => shown.get(name) ?? name))];
  const hint =
    near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `columns are ${quoted(table.names)}`;
  throw new DataError(`no column "${text}"; ${hint}`, { location });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
