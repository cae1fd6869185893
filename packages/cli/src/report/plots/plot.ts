import { escapeHtml } from "../escape.ts";
import { COLOURS } from "./colours.ts";
import type { PlotLayer } from "./layers.ts";
import { drawCells, drawColourBar, drawLayer, legendEntry } from "./marks.ts";
import { r } from "./pixel.ts";
import { createScale, domainOf, type Scale } from "./scale.ts";

export interface Axis {
  /** Quantity with its unit, for example "grain size (µm)". */
  readonly label: string;
  /** @defaultValue "linear" */
  readonly kind?: "linear" | "log";
  /** @defaultValue the range of the data, with a little room */
  readonly domain?: readonly [number, number];
  /** Ticks at whole numbers alone. @defaultValue false */
  readonly isCount?: boolean;
}

export interface PlotOptions {
  /** What the picture shows, for readers who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly PlotLayer[];
  /** Draw y = x. @defaultValue false */
  readonly identity?: boolean;
  /** @defaultValue 420 */
  readonly width?: number;
  /** @defaultValue 340 */
  readonly height?: number;
}

const MARGIN = { left: 58, right: 14, top: 10, bottom: 44 } as const;
const COLOUR_BAR = 62;
const LEGEND_LINE = 17;

/**
 * Draws layers over two axes as a self-contained SVG element.
 *
 * @example
 * plot({ description: "parity", x: { label: "measured" }, y: { label: "predicted" }, identity: true,
 *   layers: [{ kind: "points", colour: COLOURS.blue, x: [1, 2], y: [1.1, 1.9] }] });
 */
export function plot(options: PlotOptions): string {
  const { layers, identity = false } = options;
  const width = options.width ?? 420;
  const cells = layers.find((layer) => layer.kind === "cells");
  const named = layers.filter((layer) => layer.name !== undefined && layer.kind !== "cells");
  const legendHeight = named.length > 0 ? Math.ceil(named.length / 2) * LEGEND_LINE + 4 : 0;
  const height = (options.height ?? 340) + legendHeight;
  const top = MARGIN.top + legendHeight;
  const right = width - MARGIN.right - (cells === undefined ? 0 : COLOUR_BAR);
  const bottom = height - MARGIN.bottom;

  const shared = identity ? domainOf([...valuesOf(layers, "x"), ...valuesOf(layers, "y")], options.x.kind) : undefined;
  const x = axisScale(options.x, shared, layers, "x", [MARGIN.left, right], 6);
  const y = axisScale(options.y, shared, layers, "y", [bottom, top], 5);

  const parts: string[] = [];
  for (const layer of layers) if (layer.kind === "cells") parts.push(drawCells(layer, x, y));
  parts.push(drawAxes(options, x, y, { left: MARGIN.left, right, top, bottom }, cells === undefined));
  const clip = `clip-${hash(options.description)}-${width}-${height}`;
  parts.push(
    `<clipPath id="${clip}"><rect x="${MARGIN.left}" y="${top}" width="${right - MARGIN.left}" height="${bottom - top}"/></clipPath>`,
    `<g clip-path="url(#${clip})">`,
  );
  if (identity) {
    const [a, b] = [Math.max(x.domain[0], y.domain[0]), Math.min(x.domain[1], y.domain[1])];
    parts.push(
      `<line x1="${r(x(a))}" y1="${r(y(a))}" x2="${r(x(b))}" y2="${r(y(b))}" stroke="${COLOURS.grey}" stroke-dasharray="5 4"/>`,
    );
  }
  for (const layer of layers) if (layer.kind !== "cells") parts.push(drawLayer(layer, x, y));
  parts.push("</g>");
  named.forEach((layer, i) => {
    const cx = MARGIN.left + 8 + (i % 2) * ((right - MARGIN.left) / 2);
    const cy = 10 + Math.floor(i / 2) * LEGEND_LINE;
    parts.push(legendEntry(layer, cx, cy));
  });
  if (cells !== undefined) parts.push(drawColourBar(cells, right + 14, top, bottom));
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(options.description)}" font-family="system-ui, sans-serif" font-size="11" fill="${COLOURS.ink}">${parts.join("")}</svg>`;
}

function valuesOf(layers: readonly PlotLayer[], axis: "x" | "y"): number[] {
  return layers.flatMap((layer) => layerValues(layer, axis));
}

function layerValues(layer: PlotLayer, axis: "x" | "y"): number[] {
  switch (layer.kind) {
    case "points":
      return axis === "x"
        ? Array.from(layer.x)
        : [...Array.from(layer.y), ...Array.from(layer.lower ?? []), ...Array.from(layer.upper ?? [])];
    case "line":
      return Array.from(layer[axis]);
    case "band":
      return axis === "x" ? Array.from(layer.x) : [...Array.from(layer.low), ...Array.from(layer.high)];
    case "rug":
      return axis === "x" ? Array.from(layer.x) : [];
    case "bars":
      return axis === "x" ? Array.from(layer.edges) : [0, ...Array.from(layer.heights)];
    case "cells":
      return Array.from(axis === "x" ? layer.xEdges : layer.yEdges);
  }
}

function axisScale(
  axis: Axis,
  shared: readonly [number, number] | undefined,
  layers: readonly PlotLayer[],
  which: "x" | "y",
  range: readonly [number, number],
  tickCount: number,
): Scale {
  const kind = axis.kind ?? "linear";
  const filled = layers.some((layer) => layer.kind === "cells");
  const values = valuesOf(layers, which);
  const exact = (): [number, number] => [Math.min(...values), Math.max(...values)];
  const hasBars = which === "y" && layers.some((layer) => layer.kind === "bars");
  const natural = filled ? exact() : domainOf(values, kind);
  const domain = axis.domain ?? shared ?? (hasBars ? ([0, natural[1]] as const) : natural);
  return createScale({ kind, domain, range, tickCount, isCount: axis.isCount });
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function drawAxes(options: PlotOptions, x: Scale, y: Scale, frame: Frame, grid: boolean): string {
  const { left, right, top, bottom } = frame;
  const parts: string[] = [];
  for (const { value, text } of x.ticks) {
    const px = r(x(value));
    if (grid) parts.push(`<line x1="${px}" y1="${top}" x2="${px}" y2="${bottom}" stroke="#e8eaed"/>`);
    parts.push(`<text x="${px}" y="${bottom + 16}" text-anchor="middle">${text}</text>`);
  }
  for (const { value, text } of y.ticks) {
    const py = r(y(value));
    if (grid) parts.push(`<line x1="${left}" y1="${py}" x2="${right}" y2="${py}" stroke="#e8eaed"/>`);
    parts.push(`<text x="${left - 6}" y="${py + 4}" text-anchor="end">${text}</text>`);
  }
  parts.push(
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="${COLOURS.ink}"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 35}" text-anchor="middle" font-size="12">${escapeHtml(options.x.label)}</text>`,
    `<text transform="translate(13 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle" font-size="12">${escapeHtml(options.y.label)}</text>`,
  );
  return parts.join("");
}

function hash(text: string): string {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return (h >>> 0).toString(36);
}
