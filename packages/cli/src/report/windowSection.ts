import type { ProcessWindow } from "@materiome/inverse";
import { short, withUnit } from "../output/exploreText.ts";
import { figure, type Html, html, paragraph, section, table } from "./page.ts";
import { windowBars } from "./windowBars.ts";

/** Where each setting lies if what is asked is met: bars, and their numbers. */
export function windowSection(window: ProcessWindow, explanation: (percent: string) => string): Html {
  return section(
    "Process window",
    paragraph(explanation(`${Number((100 * window.level).toFixed(1))} %`)),
    figure(
      html(windowBars(window)),
      "Light: allowed. Bar: the window. Line: its median. Thin line below: the shortest interval.",
    ),
    table(
      ["setting", "window", "median", "shortest interval", "R-hat", "effective draws"],
      window.settings.map((s) => [
        withUnit(s.name, s.unit),
        ...(s.kind === "number"
          ? [
              `${short(s.lower)} … ${short(s.upper)}`,
              short(s.median),
              `${short(s.shortestLower)} … ${short(s.shortestUpper)}`,
            ]
          : [
              s.levels.map((l) => `${l.value} ${Math.round(100 * l.probability)} %`).join(", "),
              "–",
              s.credible.join(", "),
            ]),
        s.rHat?.toFixed(3) ?? "exact",
        s.effectiveSampleSize === undefined ? "exact" : String(Math.round(s.effectiveSampleSize)),
      ]),
    ),
  );
}
