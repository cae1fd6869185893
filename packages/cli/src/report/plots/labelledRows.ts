import { escapeHtml } from "../escape.ts";
import { COLOURS } from "./colours.ts";
import { r } from "./pixel.ts";
import { createScale, type Scale } from "./scale.ts";

export interface LabelledRow {
  readonly label: string;
  /** Text at the right end. */
  readonly note?: string;
  /** SVG marks of the row, `y` being the middle of its band. */
  readonly draw: (x: Scale, y: number) => string;
}

export interface LabelledRowsOptions {
  /** What the picture shows, for readers who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly domain: readonly [number, number];
  readonly rows: readonly LabelledRow[];
  /** @defaultValue 24 */
  readonly rowHeight?: number;
  /** Drawn behind the rows as a vertical line. @defaultValue none */
  readonly mark?: number;
}

const WIDTH = 525;
/** Of a wide font, such as DejaVu Sans. */
const LETTER = 6.8;
const MOST_LETTERS = 28;
const FOOT = 44;

/** Rows of marks over one horizontal axis, each with its name at the left. */
export function labelledRows(options: LabelledRowsOptions): string {
  const { rows, description, domain, xLabel, mark } = options;
  const rowHeight = options.rowHeight ?? 24;
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => cut(text).length)) * LETTER;
  const left = 14 + longest(rows.map((row) => row.label));
  const right = WIDTH - 14 - longest(rows.map((row) => row.note ?? ""));
  const bottom = 6 + rows.length * rowHeight;
  const x = createScale({ kind: "linear", domain, range: [left, right], tickCount: 6 });
  const parts: string[] = [];
  for (const { value, text } of x.ticks) {
    const px = r(x(value));
    parts.push(
      `<line x1="${px}" y1="6" x2="${px}" y2="${bottom}" stroke="#e8eaed"/>`,
      `<text x="${px}" y="${bottom + 16}" text-anchor="middle">${text}</text>`,
    );
  }
  if (mark !== undefined) {
    parts.push(`<line x1="${r(x(mark))}" y1="6" x2="${r(x(mark))}" y2="${bottom}" stroke="${COLOURS.grey}"/>`);
  }
  for (const [k, { label, note, draw }] of rows.entries()) {
    const y = 6 + (k + 0.5) * rowHeight;
    parts.push(
      `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(cut(label))}<title>${escapeHtml(label)}</title></text>`,
      draw(x, y),
    );
    if (note !== undefined) parts.push(`<text x="${right + 8}" y="${y + 4}">${escapeHtml(cut(note))}</text>`);
  }
  parts.push(
    `<path d="M${r(left)} ${bottom}H${r(right)}" stroke="${COLOURS.ink}"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 35}" text-anchor="middle" font-size="12">${escapeHtml(xLabel)}</text>`,
  );
  const height = bottom + FOOT;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeHtml(description)}" font-family="system-ui, sans-serif" font-size="11" fill="${COLOURS.ink}">${parts.join("")}</svg>`;
}

function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}
