import type { Explanation, SubjectInput } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, threeFigures } from "../terminal/figures.ts";
import { escapeHtml } from "./escape.ts";
import { COLOURS, mapColour } from "./plots/colours.ts";
import { type LabelledRow, labelledRows } from "./plots/labelledRows.ts";
import { r } from "./plots/pixel.ts";
import { domainOf } from "./plots/scale.ts";
import { withUnit } from "./trainedSource.ts";

/** What contributions are drawn of: one target, or one class. */
export type Contributions = Pick<Explanation, "inputs" | "values" | "base" | "predicted" | "meanAbsolute" | "target">;

const RADIUS = 2.4;
const SWARM_HEIGHT = 30;
/** Points of one column that are drawn; more would only lie on each other. */
const MOST_POINTS = 800;

/** Mean absolute contribution of columns as bars. */
export function contributionBars(explained: Contributions, columns: readonly number[]): string {
  const { meanAbsolute, inputs, target } = explained;
  const most = Math.max(...columns.map((c) => meanAbsolute[c] ?? 0));
  return labelledRows({
    description: `mean absolute contribution of each column to ${target.name}`,
    xLabel: withUnit("mean |contribution|", target.unit),
    domain: [0, most * 1.02 || 1],
    rows: columns.map((c) => ({
      label: inputs[c]?.name ?? "",
      note: threeFigures(meanAbsolute[c] ?? 0),
      draw: (x, y) => rectangle(x(0), x(meanAbsolute[c] ?? 0), y, COLOURS.blue),
    })),
  });
}

/** Every row's contribution of each column, coloured by the column's value from low (dark) to high (bright). */
export function beeswarm(
  explained: Contributions,
  columns: readonly number[],
  titleOf: (row: number) => string,
): string {
  const { inputs, values, target } = explained;
  const d = inputs.length;
  const step = Math.ceil(values.rows / MOST_POINTS);
  const rows = Array.from({ length: Math.ceil(values.rows / step) }, (_, k) => k * step);
  const at = (i: number, c: number): number => values.data[i * d + c] ?? Number.NaN;
  return labelledRows({
    description: `contribution of each column to ${target.name} in each row`,
    xLabel: withUnit("contribution", target.unit),
    domain: domainOf(columns.flatMap((c) => [0, ...rows.map((i) => at(i, c))])),
    mark: 0,
    rowHeight: SWARM_HEIGHT,
    rows: columns.map((c): LabelledRow => {
      const input = inputs[c] as SubjectInput; // columns are indices of inputs
      const colours = coloursOf(input, rows);
      return {
        label: input.name,
        draw: (x, y) => {
          const offset = swarm(rows.map((i) => x(at(i, c))));
          return rows
            .map((i, k) => {
              const title = `${titleOf(i)}: ${settingText(input, i)}, ${signed(at(i, c))}`;
              return `<circle cx="${r(x(at(i, c)))}" cy="${r(y + (offset[k] ?? 0))}" r="${RADIUS}" fill="${colours[k]}"><title>${escapeHtml(title)}</title></circle>`;
            })
            .join("");
        },
      };
    }),
  });
}

/** How one prediction comes about: from the mean, column by column, the largest first. */
export function waterfall(explained: Contributions, row: number, most: number): string {
  const { inputs, values, base, predicted, target } = explained;
  const d = inputs.length;
  const contribution = (c: number): number => values.data[row * d + c] ?? 0;
  const order = Array.from(inputs.keys()).sort((a, b) => Math.abs(contribution(b)) - Math.abs(contribution(a)));
  const shown = order.slice(0, order.length > most ? most - 1 : most);
  const rest = order.slice(shown.length);
  const steps = [
    ...shown.map((c) => {
      const input = inputs[c] as SubjectInput; // an index of inputs
      return { label: `${input.name} = ${settingText(input, row)}`, value: contribution(c) };
    }),
    ...(rest.length === 0
      ? []
      : [{ label: `${rest.length} other columns`, value: rest.reduce((sum, c) => sum + contribution(c), 0) }]),
  ];
  let level = base;
  const rows: LabelledRow[] = [
    { label: "mean prediction", note: figures(base), draw: (x, y) => line(x(base), y, COLOURS.grey) },
  ];
  const levels = [base];
  for (const { label, value } of steps) {
    const from = level;
    const to = level + value;
    level = to;
    levels.push(to);
    const colour = value >= 0 ? COLOURS.red : COLOURS.blue;
    rows.push({ label, note: signed(value), draw: (x, y) => rectangle(x(from), x(to), y, colour) });
  }
  const end = predicted[row] ?? Number.NaN;
  rows.push({ label: "prediction", note: figures(end), draw: (x, y) => line(x(end), y, COLOURS.ink) });
  return labelledRows({
    description: `how the prediction of ${target.name} comes about`,
    xLabel: withUnit(target.name, target.unit),
    domain: domainOf(levels),
    mark: base,
    rows,
  });
}

export function signed(value: number): string {
  const text = figures(Number(Math.abs(value).toPrecision(3)));
  return value < 0 ? `−${text}` : `+${text}`;
}

export function settingText({ values, texts, unit }: SubjectInput, row: number): string {
  if (values === undefined) return texts?.[row] ?? "missing";
  const value = values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return "missing";
  return unit === "" ? figures(value) : `${figures(value)} ${displayUnit(unit)}`;
}

/** Low dark, high bright, by rank; grey where the column is no number or the value is missing. */
function coloursOf({ values }: SubjectInput, rows: readonly number[]): string[] {
  const sorted = Float64Array.from(rows, (i) => values?.[i] ?? Number.NaN)
    .filter((v) => !Number.isNaN(v))
    .sort();
  return rows.map((i) => {
    const value = values?.[i] ?? Number.NaN;
    if (Number.isNaN(value)) return COLOURS.grey;
    return mapColour((sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2, [0, Math.max(1, sorted.length - 1)]);
  });
}

/** Vertical offsets that keep points at nearly the same place apart, squeezed into the band where they are many. */
function swarm(positions: readonly number[]): number[] {
  const cells = new Map<number, number[]>();
  for (const [k, position] of positions.entries()) {
    const cell = Math.round(position / (2 * RADIUS));
    cells.set(cell, [...(cells.get(cell) ?? []), k]);
  }
  const offsets = new Array<number>(positions.length).fill(0);
  const tallest = Math.max(1, ...Array.from(cells.values(), (members) => members.length));
  const step = Math.min(1.6 * RADIUS, (SWARM_HEIGHT - 6) / tallest);
  for (const members of cells.values()) {
    for (const [j, k] of members.entries()) offsets[k] = Math.ceil(j / 2) * (j % 2 === 0 ? 1 : -1) * step;
  }
  return offsets;
}

function rectangle(from: number, to: number, y: number, colour: string): string {
  const width = Math.max(0.8, Math.abs(to - from));
  return `<rect x="${r(Math.min(from, to))}" y="${r(y - 7)}" width="${r(width)}" height="14" fill="${colour}" fill-opacity="0.85"/>`;
}

function line(x: number, y: number, colour: string): string {
  return `<line x1="${r(x)}" y1="${r(y - 9)}" x2="${r(x)}" y2="${r(y + 9)}" stroke="${colour}" stroke-width="3"/>`;
}
