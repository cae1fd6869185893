import { escapeHtml } from "../escape.ts";
import { COLOURS, mapColour } from "./colours.ts";
import { r } from "./pixel.ts";

/** One vertical axis: where a value stands, and what its ends are called. */
export interface ParallelAxis {
  readonly label: string;
  /** Position of each line, 0 at the bottom, 1 at the top; undefined where it has no value. */
  readonly positions: readonly (number | undefined)[];
  readonly ticks: readonly { readonly position: number; readonly text: string }[];
}

export interface ParallelLine {
  readonly title: string;
  /** Colour by value, between 0 (dark) and 1 (bright); `open`: not measured yet; `failed`. */
  readonly kind: "measured" | "open" | "failed";
  readonly shade?: number | undefined;
}

export interface ParallelCoordinatesOptions {
  /** What the picture shows, for readers who cannot see it. */
  readonly description: string;
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
}

const HEIGHT = 300;
const TOP = 40;
const BOTTOM = HEIGHT - 18;
const LETTERS = 18;

/** Every experiment as a line across all settings and outcomes (Inselberg, The Visual Computer 1, 69 (1985)). */
export function parallelCoordinates({ description, axes, lines }: ParallelCoordinatesOptions): string {
  const gap = Math.max(110, Math.min(190, 940 / Math.max(1, axes.length - 1)));
  const left = 70;
  const width = left + gap * (axes.length - 1) + 90;
  const xOf = (k: number): number => left + k * gap;
  const yOf = (position: number): number => BOTTOM - position * (BOTTOM - TOP);
  const order = [...lines.keys()].sort((a, b) => rank(lines[a]) - rank(lines[b]));
  const parts = order.map((i) => {
    const line = lines[i];
    const points = axes.flatMap(({ positions }, k) => {
      const position = positions[i];
      return position === undefined ? [] : [`${r(xOf(k))} ${r(yOf(position))}`];
    });
    const { stroke, extra } = styleOf(line);
    return `<path d="M${points.join("L")}" fill="none" stroke="${stroke}" ${extra}><title>${escapeHtml(line?.title ?? "")}</title></path>`;
  });
  for (const [k, { label, ticks }] of axes.entries()) {
    const x = r(xOf(k));
    const shown = label.length > LETTERS ? `${label.slice(0, LETTERS - 1)}…` : label;
    parts.push(
      `<line x1="${x}" y1="${TOP}" x2="${x}" y2="${BOTTOM}" stroke="${COLOURS.ink}"/>`,
      `<text x="${x}" y="${TOP - 20}" text-anchor="middle" font-size="12" font-weight="600">${escapeHtml(shown)}<title>${escapeHtml(label)}</title></text>`,
      ...ticks.map(
        ({ position, text }) =>
          `<line x1="${r(xOf(k) - 3)}" y1="${r(yOf(position))}" x2="${r(xOf(k) + 3)}" y2="${r(yOf(position))}" stroke="${COLOURS.ink}"/><text x="${r(xOf(k) - 6)}" y="${r(yOf(position) - 4)}" text-anchor="end" paint-order="stroke" stroke="#fff" stroke-width="3">${escapeHtml(text)}</text>`,
      ),
    );
  }
  return `<svg viewBox="0 0 ${r(width)} ${HEIGHT}" width="${r(width)}" height="${HEIGHT}" role="img" aria-label="${escapeHtml(description)}" font-family="system-ui, sans-serif" font-size="11" fill="${COLOURS.ink}">${parts.join("")}</svg>`;
}

/** Drawn last what matters most. */
function rank(line: ParallelLine | undefined): number {
  if (line === undefined || line.kind === "failed") return -1;
  return line.kind === "open" ? 2 : (line.shade ?? 0);
}

function styleOf(line: ParallelLine | undefined): { readonly stroke: string; readonly extra: string } {
  if (line === undefined || line.kind === "failed") {
    return { stroke: COLOURS.grey, extra: 'stroke-width="1.2" stroke-dasharray="2 4"' };
  }
  if (line.kind === "open") return { stroke: COLOURS.red, extra: 'stroke-width="2" stroke-dasharray="7 4"' };
  // The brightest end of the map does not show on white.
  return { stroke: mapColour(0.85 * (line.shade ?? 0.5), [0, 1]), extra: 'stroke-width="1.8" stroke-opacity="0.85"' };
}
