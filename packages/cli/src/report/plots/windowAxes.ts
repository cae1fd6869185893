import type { Candidate, CategoryWindow, NumberWindow, ProcessWindow } from "@materiome/inverse";
import { escapeHtml } from "../escape.ts";
import { COLOURS } from "./colours.ts";
import { r } from "./pixel.ts";

const TOP = 34;
const HEIGHT = 230;
/** Between axes: as wide as the page has room for. */
const LEAST_SPACING = 132;
const MOST_SPACING = 240;
const PAGE = 900;
const LINES = [COLOURS.red, COLOURS.orange, COLOURS.green, COLOURS.purple, COLOURS.sky, COLOURS.blue];

/** Candidates as lines over one vertical axis per setting, with the process window as a bar on each axis. */
export function windowAxes({ settings }: ProcessWindow, candidates: readonly Candidate[]): string {
  const spacing = Math.max(LEAST_SPACING, Math.min(MOST_SPACING, PAGE / Math.max(1, settings.length - 1)));
  // Room for half a name beside the outer axes, as between the others.
  const left = spacing / 2;
  const width = 2 * left + (settings.length - 1) * spacing;
  const bottom = TOP + HEIGHT;
  const x = (j: number): number => left + j * spacing;
  const axes = settings.map((setting, j) => axis(setting, r(x(j)), bottom, Math.floor(spacing / 6.6)));
  const lines = candidates.map((candidate, i) => {
    const points = settings.flatMap((setting, j) => {
      const value = candidate.settings.find(({ name }) => name === setting.name)?.value;
      return value === undefined ? [] : [`${r(x(j))} ${r(place(setting, value))}`];
    });
    const colour = LINES[i % LINES.length];
    const title = `candidate ${i + 1}, P ${candidate.probability.toFixed(2)}`;
    return `<g><title>${title}</title><path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="2"/>${points.map((point) => `<circle cx="${point.split(" ")[0]}" cy="${point.split(" ")[1]}" r="3.5" fill="${colour}"/>`).join("")}</g>`;
  });
  const legend = candidates.map(
    (_, i) =>
      `<path d="M${r(left + 48 * i)} ${bottom + 42}h14" stroke="${LINES[i % LINES.length]}" stroke-width="3"/><text x="${r(left + 48 * i + 18)}" y="${bottom + 46}">${i + 1}</text>`,
  );
  const height = bottom + 56;
  return `<svg viewBox="0 0 ${r(width)} ${height}" width="${r(width)}" height="${height}" role="img" aria-label="candidates over their settings" font-family="system-ui, sans-serif" font-size="11" fill="${COLOURS.ink}">${axes.join("")}${lines.join("")}${legend.join("")}</svg>`;
}

type SettingWindow = NumberWindow | CategoryWindow;

function axis(setting: SettingWindow, x: number, bottom: number, mostLetters: number): string {
  const name = setting.unit === "" ? setting.name : `${setting.name}, ${setting.unit}`;
  const cut = name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name;
  const title = `<text x="${x}" y="14" text-anchor="middle" font-weight="600">${escapeHtml(cut)}<title>${escapeHtml(name)}</title></text>`;
  const line = `<path d="M${x} ${TOP}V${bottom}" stroke="${COLOURS.grey}"/>`;
  if (setting.kind === "category") {
    const levels = setting.levels.map(({ value, probability }) => {
      const y = place(setting, value);
      const size = Math.max(1, 22 * probability);
      return `<rect x="${x - 6}" y="${r(y - size / 2)}" width="12" height="${r(size)}" fill="${COLOURS.blue}" fill-opacity="0.3"/><text x="${x + 9}" y="${r(y + 4)}">${escapeHtml(value.slice(0, 12))}</text>`;
    });
    return title + line + levels.join("");
  }
  const [low, high] = [place(setting, setting.lower), place(setting, setting.upper)];
  const bar = `<rect x="${x - 6}" y="${r(high)}" width="12" height="${r(Math.max(1.5, low - high))}" fill="${COLOURS.blue}" fill-opacity="0.3"/>`;
  const ends = `<text x="${x}" y="${TOP - 6}" text-anchor="middle">${short(setting.max)}</text><text x="${x}" y="${bottom + 15}" text-anchor="middle">${short(setting.min)}</text>`;
  return title + line + bar + ends;
}

function place(setting: SettingWindow, value: number | string): number {
  const levels = setting.kind === "category" ? setting.levels.map((level) => level.value).sort() : [];
  const share =
    setting.kind === "category"
      ? (levels.indexOf(String(value)) + 0.5) / levels.length
      : (Number(value) - setting.min) / (setting.max - setting.min);
  return TOP + HEIGHT * (1 - share);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
