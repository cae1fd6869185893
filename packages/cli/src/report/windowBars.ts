import type { ProcessWindow } from "@materiome/inverse";
import { short, withUnit } from "../output/exploreText.ts";
import { escapeHtml } from "./escape.ts";
import { COLOURS } from "./plots/colours.ts";
import { labelledRows } from "./plots/labelledRows.ts";
import { r } from "./plots/pixel.ts";

/** One bar per setting, each on its own range from the lowest to the highest value allowed; categories as shares. */
export function windowBars({ settings }: ProcessWindow): string {
  return labelledRows({
    description: "process window of each setting",
    xLabel: "share of the allowed range (%); for categories of the probability",
    domain: [0, 100],
    rowHeight: 30,
    rows: settings.map((setting) => ({
      label: withUnit(setting.name, setting.unit),
      note:
        setting.kind === "number" ? `${short(setting.min)} … ${short(setting.max)}` : `${setting.levels.length} levels`,
      draw: (x, y) => {
        const back = `<rect x="${r(x(0))}" y="${y - 8}" width="${r(x(100) - x(0))}" height="16" fill="#eef1f4"/>`;
        if (setting.kind === "category") {
          let from = 0;
          const parts = setting.levels
            .filter((level) => level.probability > 0.005)
            .map((level, k) => {
              const [a, b] = [x(100 * from), x(100 * (from + level.probability))];
              from += level.probability;
              const text =
                b - a > 6.2 * level.value.length
                  ? `<text x="${r((a + b) / 2)}" y="${y + 4}" text-anchor="middle" fill="#fff">${escapeHtml(level.value)}</text>`
                  : "";
              return `<rect x="${r(a)}" y="${y - 8}" width="${r(Math.max(0.5, b - a - 1))}" height="16" fill="${LEVELS[k % LEVELS.length]}" fill-opacity="0.85"/>${text}`;
            });
          return back + parts.join("");
        }
        const at = (value: number): number => x((100 * (value - setting.min)) / (setting.max - setting.min));
        const [from, to, middle] = [at(setting.lower), at(setting.upper), at(setting.median)];
        const [low, high] = [at(setting.shortestLower), at(setting.shortestUpper)];
        return `${back}<rect x="${r(from)}" y="${y - 8}" width="${r(Math.max(1.5, to - from))}" height="16" fill="${COLOURS.blue}" fill-opacity="0.75"/><path d="M${r(middle)} ${y - 8}v16" stroke="#fff" stroke-width="2"/><path d="M${r(low)} ${y + 11}H${r(Math.max(high, low + 1))}" stroke="${COLOURS.ink}" stroke-width="1.5"/>`;
      },
    })),
  });
}

const LEVELS = [COLOURS.blue, COLOURS.orange, COLOURS.green, COLOURS.purple, COLOURS.sky, COLOURS.red];
