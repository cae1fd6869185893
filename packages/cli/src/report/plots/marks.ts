import { escapeHtml } from "../escape.ts";
import { mapColour } from "./colours.ts";
import type { CellsLayer, PlotLayer, PointsLayer } from "./layers.ts";
import { r } from "./pixel.ts";
import { createScale, type Scale } from "./scale.ts";

export function drawLayer(layer: Exclude<PlotLayer, CellsLayer>, x: Scale, y: Scale): string {
  switch (layer.kind) {
    case "points":
      return drawPoints(layer, x, y);
    case "line": {
      const path = Array.from(
        layer.x,
        (value, i) => `${i === 0 ? "M" : "L"}${r(x(value))} ${r(y(layer.y[i] ?? Number.NaN))}`,
      );
      const dash = layer.dashed === true ? ' stroke-dasharray="6 4"' : "";
      return `<path d="${path.join("")}" fill="none" stroke="${layer.colour}" stroke-width="1.8"${dash}/>`;
    }
    case "band": {
      const point = (value: number, height: number | undefined): string =>
        `${r(x(value))} ${r(y(height ?? Number.NaN))}`;
      const above = Array.from(layer.x, (value, i) => point(value, layer.high[i]));
      const below = Array.from(layer.x, (value, i) => point(value, layer.low[i])).reverse();
      return `<path d="M${[...above, ...below].join("L")}Z" fill="${layer.colour}" fill-opacity="0.18"/>`;
    }
    case "rug": {
      const foot = y(y.domain[0]);
      return Array.from(
        layer.x,
        (value) => `<path d="M${r(x(value))} ${r(foot)}v-6" stroke="${layer.colour}" stroke-opacity="0.5"/>`,
      ).join("");
    }
    case "bars":
      return Array.from(layer.heights, (value, i) => {
        const from = x(layer.edges[i] ?? 0);
        const to = x(layer.edges[i + 1] ?? 0);
        const base = y(Math.max(0, y.domain[0]));
        return `<rect x="${r(from + 0.5)}" y="${r(y(value))}" width="${r(Math.max(0.5, to - from - 1))}" height="${r(Math.max(0, base - y(value)))}" fill="${layer.colour}" fill-opacity="0.75"/>`;
      }).join("");
  }
}

function drawPoints(layer: PointsLayer, x: Scale, y: Scale): string {
  const { lower, upper, titles } = layer;
  const radius = layer.radius ?? 3;
  return Array.from(layer.x, (value, i) => {
    const px = r(x(value));
    const py = r(y(layer.y[i] ?? Number.NaN));
    if (!Number.isFinite(px) || !Number.isFinite(py)) return "";
    const low = lower?.[i];
    const high = upper?.[i];
    const bar =
      low !== undefined && high !== undefined
        ? `<line x1="${px}" y1="${r(y(low))}" x2="${px}" y2="${r(y(high))}" stroke="${layer.colour}" stroke-opacity="0.35"/>`
        : "";
    const title = titles?.[i];
    const hover = title === undefined ? "" : `<title>${escapeHtml(title)}</title>`;
    return `<g>${hover}${bar}${marker(layer.shape ?? "circle", px, py, radius, layer.colour)}</g>`;
  }).join("");
}

function marker(shape: "circle" | "cross" | "star", x: number, y: number, radius: number, colour: string): string {
  if (shape === "circle") return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}" fill-opacity="0.75"/>`;
  if (shape === "cross") {
    return `<path d="M${x - radius} ${y - radius}L${x + radius} ${y + radius}M${x - radius} ${y + radius}L${x + radius} ${y - radius}" stroke="${colour}" stroke-width="1.6"/>`;
  }
  const points = Array.from({ length: 10 }, (_, i) => {
    const size = i % 2 === 0 ? radius * 1.6 : radius * 0.7;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    return `${r(x + size * Math.cos(angle))},${r(y + size * Math.sin(angle))}`;
  });
  return `<polygon points="${points.join(" ")}" fill="${colour}" stroke="white" stroke-width="1"/>`;
}

export function legendEntry(layer: PlotLayer, x: number, y: number): string {
  if (layer.kind === "cells") return "";
  const sign =
    layer.kind === "points"
      ? marker(layer.shape ?? "circle", x, y, 4, layer.colour)
      : layer.kind === "line"
        ? `<line x1="${x - 7}" y1="${y}" x2="${x + 7}" y2="${y}" stroke="${layer.colour}" stroke-width="2"${layer.dashed === true ? ' stroke-dasharray="4 3"' : ""}/>`
        : `<rect x="${x - 5}" y="${y - 5}" width="10" height="10" fill="${layer.colour}" fill-opacity="0.75"/>`;
  return `${sign}<text x="${x + 12}" y="${y + 4}">${escapeHtml(layer.name ?? "")}</text>`;
}

export function drawCells(layer: CellsLayer, x: Scale, y: Scale): string {
  const columns = layer.xEdges.length - 1;
  const parts: string[] = [];
  for (let j = 0; j + 1 < layer.yEdges.length; j++) {
    for (let i = 0; i < columns; i++) {
      const left = x(layer.xEdges[i] ?? 0);
      const right = x(layer.xEdges[i + 1] ?? 0);
      const low = y(layer.yEdges[j] ?? 0);
      const high = y(layer.yEdges[j + 1] ?? 0);
      const value = layer.values[j * columns + i] ?? Number.NaN;
      parts.push(
        `<rect x="${r(left)}" y="${r(high)}" width="${r(right - left + 0.6)}" height="${r(low - high + 0.6)}" fill="${mapColour(value, layer.range)}"/>`,
      );
    }
  }
  return parts.join("");
}

export function drawColourBar(layer: CellsLayer, left: number, top: number, bottom: number): string {
  const steps = 40;
  const [low, high] = layer.range;
  const scale = createScale({ kind: "linear", domain: layer.range, range: [bottom, top], tickCount: 5 });
  const parts = Array.from({ length: steps }, (_, i) => {
    const value = low + ((i + 0.5) / steps) * (high - low);
    const y = bottom - ((i + 1) / steps) * (bottom - top);
    return `<rect x="${left}" y="${r(y)}" width="11" height="${r((bottom - top) / steps + 0.6)}" fill="${mapColour(value, layer.range)}"/>`;
  });
  for (const { value, text } of scale.ticks) {
    parts.push(`<text x="${left + 15}" y="${r(scale(value)) + 4}" font-size="10">${text}</text>`);
  }
  parts.push(
    `<text x="${left + 5}" y="${bottom + 16}" text-anchor="middle" font-size="10">${escapeHtml(layer.unit)}</text>`,
  );
  return parts.join("");
}
