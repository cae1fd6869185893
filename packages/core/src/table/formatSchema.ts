import type { Column } from "./column.ts";
import { columnTexts, countPresent, numberText } from "./columnTexts.ts";
import type { Table } from "./table.ts";

const MOST_LABELS = 4;

/**
 * What is known or was inferred of the columns of a table, to be read by people: one line a column with name, role (and
 * what it was inferred from), unit, kind, range or labels, and missing values.
 *
 * @example
 * formatSchema(table);
 * // name            role                unit  kind      values
 * // Temper          process (name)      degC  number    600 … 650, 1 missing
 */
export function formatSchema(table: Table): string {
  const rows = table.columns.map((column) => [
    column.name,
    roleText(column),
    column.unit === "" ? "–" : column.unit,
    column.kind,
    valuesText(column, table.nRows),
  ]);
  const all = [["name", "role", "unit", "kind", "values"], ...rows];
  const widths = [0, 1, 2, 3].map((c) => Math.max(...all.map((row) => (row[c] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((text, c) => text.padEnd(widths[c] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function roleText({ role, roleFrom, describes }: Column): string {
  const of = describes === undefined ? "" : ` of ${describes}`;
  const from = roleFrom === undefined ? "declared" : roleFrom === "default" ? "nothing speaks for it" : roleFrom;
  return `${role}${of} (${from})`;
}

function valuesText(column: Column, nRows: number): string {
  const nMissing = nRows - countPresent(column);
  const missing = nMissing === 0 ? "" : `, ${nMissing} missing`;
  if (nMissing === nRows) return `all ${nRows} missing`;
  if (column.kind === "number") {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const value of column.values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return `${min === max ? shortText(min) : `${shortText(min)} … ${shortText(max)}`}${missing}`;
  }
  const labels = [...new Set(columnTexts(column).filter((text) => text !== undefined))];
  const shown = labels.slice(0, MOST_LABELS).join(", ");
  return `${shown}${labels.length > MOST_LABELS ? `, … (${labels.length} in all)` : ""}${missing}`;
}

/** Six digits are enough to judge a range by; whole numbers stay whole. */
function shortText(value: number): string {
  return numberText(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}
