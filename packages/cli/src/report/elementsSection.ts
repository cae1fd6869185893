import type { Explanation } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { threeFigures } from "../terminal/figures.ts";
import { signed } from "./contributionPlots.ts";
import { effectFigure } from "./effectFigure.ts";
import { type Html, paragraph, row, section, table } from "./page.ts";
import { withUnit } from "./trainedSource.ts";

const SHOWN = 12;
const MOST_IN_ROW = 5;

/** What the elements inside each column of formulas do. */
export function elementsSections({ elements, target }: Explanation): Html[] {
  return elements.flatMap(({ input, elements: all }) => {
    const used = all.filter(({ meanAbsolute }) => meanAbsolute > 0);
    if (used.length === 0) return [];
    const others = used.length - SHOWN;
    const more = others > 0 ? ` The other ${others === 1 ? "one is" : `${others} are`} in explain.json.` : "";
    return [
      section(
        `What the elements of ${input} do`,
        paragraph(
          `An amount cannot change alone: where an element is set to another amount, all others are scaled so that the sum stays 100 at% and they keep their ratios. The table has how much predictions change on average where an element takes its median amount of the training rows instead of the row's own; changes are of one element at a time and do not add up, and that of the element that makes up the rest is that of all others, thinned or enriched together. Blue: accumulated local effect with standard errors; dashed: partial dependence; grey: the same for single rows; ticks: training rows.${more}`,
        ),
        table(
          ["element", "median at%", "at% in training rows", withUnit("moves predictions by", target.unit)],
          used.slice(0, SHOWN).map(({ element, reference, training, meanAbsolute }) => {
            const sorted = training.slice().sort();
            const range = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN].map(threeFigures).join(" … ");
            const had = sorted.at(-1) === 0 ? "in none of them" : range;
            return [element, threeFigures(reference), had, threeFigures(meanAbsolute)];
          }),
        ),
        row(
          ...used.flatMap(({ element, training, curves }) =>
            curves === undefined ? [] : [effectFigure(curves, { target, label: withUnit(element, "at%"), training })],
          ),
        ),
      ),
    ];
  });
}

/** `Mo 2.1 at%: +180 MPa`: what the elements of one row change most, against their median amounts. */
export function elementsOfRow({ elements, target }: Explanation, i: number): string[] {
  const unit = target.unit === "" ? "" : ` ${displayUnit(target.unit)}`;
  return elements.flatMap(({ input, elements: all }) => {
    const most = all
      .filter(({ changes }) => Math.abs(changes[i] ?? Number.NaN) > 0)
      .sort((a, b) => Math.abs(b.changes[i] ?? 0) - Math.abs(a.changes[i] ?? 0))
      .slice(0, MOST_IN_ROW);
    if (most.length === 0) return [];
    const named = most.map(
      ({ element, amounts, reference, changes }) =>
        `${element} ${threeFigures(amounts[i] ?? 0)} instead of ${threeFigures(reference)} at%: ${signed(changes[i] ?? 0)}${unit}`,
    );
    return [`in ${input} ${named.join(", ")}`];
  });
}
