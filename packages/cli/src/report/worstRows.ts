import { type Column, resolveColumn, type Table } from "@materiome/core";
import type { OutOfFold } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, threeFigures } from "../terminal/figures.ts";
import { comparedColumns } from "./comparedColumns.ts";
import { escapeHtml } from "./escape.ts";
import { type Html, html, paragraph, table as tableOf } from "./page.ts";
import { type TrainedSource, withUnit } from "./trainedSource.ts";

const WORST_ROWS = 10;
const MOST_DIFFERENCES = 4;

/** The rows predicted worst, each with its nearest training rows: what they measured, and in which columns they differ most. */
export function worstRows({ table, trained }: TrainedSource, held: OutOfFold, unit: string): Html[] {
  const columns = trained.model.inputs.map(({ name }) => resolveColumn(table, name));
  const differences = differencesOf(comparedColumns(table, columns));
  const measured = new Map(Array.from(held.rows, (row, i) => [row, held.actual[i] ?? Number.NaN]));
  const shown = worst(held);
  const nNear = held.neighbours.length / Math.max(1, held.rows.length);
  const lines = shown.flatMap((i) => {
    const row = held.rows[i] ?? 0;
    const reason = held.domainReasons[i];
    const near = Array.from(held.neighbours.subarray(i * nNear, (i + 1) * nNear)).filter((at) => at >= 0);
    const marks = reason === undefined ? "" : `<br><span class="doubt">outside: ${escapeHtml(reason)}</span>`;
    return [
      [
        html(`<b>${table.rowNumber(row)}</b>${idOf(table, row)}${marks}`),
        figures(held.actual[i] ?? Number.NaN),
        threeFigures(held.predicted[i] ?? Number.NaN),
        `${threeFigures(held.lower[i] ?? Number.NaN)} … ${threeFigures(held.upper[i] ?? Number.NaN)}`,
        html(
          near
            .map((other) => {
              const what = differences(row, other);
              return `row ${table.rowNumber(other)} measured <b>${escapeHtml(figures(measured.get(other) ?? Number.NaN))}</b>: ${escapeHtml(what)}`;
            })
            .join("<br>"),
        ),
      ],
    ];
  });
  return [
    paragraph(
      `The ${shown.length} rows predicted worst, each beside the nearest rows that the model could learn from while it was held out, with the columns, of formulas the elements, that differ most (this row → neighbour). A near neighbour that measured something else, or a value out of line, is often a slip in the table; otherwise the columns do not hold what makes the difference.`,
    ),
    html(
      `<div class="worst">${tableOf(["row", withUnit("measured", unit), "predicted", "90 % interval", "nearest training rows"], lines).html}</div>`,
    ),
  ];
}

function worst(held: OutOfFold): number[] {
  const error = (i: number): number => Math.abs((held.actual[i] ?? 0) - (held.predicted[i] ?? 0));
  return Array.from(held.rows.keys())
    .sort((a, b) => error(b) - error(a))
    .slice(0, WORST_ROWS);
}

/** Name of the sample, where a column of role id holds it. */
export function idOf(table: Table, row: number): string {
  const [column] = table.withRole("id");
  const text = column === undefined ? undefined : cellText(column, row);
  return text === undefined ? "" : ` ${escapeHtml(text)}`;
}

/** Standard deviation of a column of numbers; 1 where it has none. */
function scaleOf(column: Column): number {
  if (column.kind !== "number") return 1;
  const values = column.values.filter((value, i) => column.valid[i] !== 0 && !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
}

/** Says in which columns two rows differ most, in standard deviations of the columns. */
export function differencesOf(columns: readonly Column[]): (row: number, other: number) => string {
  const scales = columns.map(scaleOf);
  return (row, other) => differences(columns, scales, row, other);
}

function differences(columns: readonly Column[], scales: readonly number[], row: number, other: number): string {
  const found = columns.flatMap((column, c) => {
    const [a, b] = [cellText(column, row), cellText(column, other)];
    if (a === b) return [];
    const [x, y] = [numberAt(column, row), numberAt(column, other)];
    // A label, formula or gap that differs counts as two standard deviations.
    const size = x === undefined || y === undefined ? 2 : Math.abs(x - y) / (scales[c] ?? 1);
    const unit = column.kind === "number" && column.unit !== "" ? ` ${displayUnit(column.unit)}` : "";
    return [{ size, text: `${column.name} ${a ?? "missing"} → ${b ?? "missing"}${unit}` }];
  });
  if (found.length === 0) return "all inputs the same";
  const largest = found.sort((a, b) => b.size - a.size).slice(0, MOST_DIFFERENCES);
  const rest = found.length - largest.length;
  return `${largest.map(({ text }) => text).join(", ")}${rest > 0 ? `, and ${rest} smaller` : ""}`;
}

function numberAt(column: Column, row: number): number | undefined {
  return column.kind === "number" && column.valid[row] !== 0 ? column.values[row] : undefined;
}

function cellText(column: Column, row: number): string | undefined {
  switch (column.kind) {
    case "number": {
      const value = numberAt(column, row);
      return value === undefined ? undefined : figures(value);
    }
    case "category":
      return column.labels[column.codes[row] ?? -1];
    case "formula":
    case "grade":
    case "text":
      return column.texts[row];
  }
}
