import type { ElementAmounts } from "@materiome/forward";
import { rangeOf } from "../output/explainParts.ts";
import { threeFigures } from "../terminal/figures.ts";
import { signed } from "./contributionPlots.ts";
import { type Html, paragraph, row, section, table } from "./page.ts";
import { withUnit } from "./trainedSource.ts";

const SHOWN = 12;
const MOST_IN_ROW = 5;

interface ElementsOfColumn<E> {
  readonly input: string;
  readonly elements: readonly E[];
}

/** How effects of elements are told, of numbers and of classes. */
export interface ElementsTold<E> {
  /** What they move, and its unit. */
  readonly moved: string;
  readonly unit: string;
  /** What the lines of the curves are. */
  readonly legend: string;
  /** Stands above the curves. */
  readonly colours?: Html | undefined;
  /** Curves of an element; undefined where there are none. */
  readonly figure: (effect: E, label: string) => Html | undefined;
}

/** What the elements inside each column of formulas or grades do. */
export function elementsSections<E extends ElementAmounts & { readonly meanAbsolute: number }>(
  columns: readonly ElementsOfColumn<E>[],
  { moved, unit, legend, colours, figure }: ElementsTold<E>,
): Html[] {
  return columns.flatMap(({ input, elements: all }) => {
    const used = all.filter(({ meanAbsolute }) => meanAbsolute > 0);
    if (used.length === 0) return [];
    const others = used.length - SHOWN;
    const more = others > 0 ? ` The other ${others === 1 ? "one is" : `${others} are`} in explain.json.` : "";
    const figures = used.flatMap((effect) => figure(effect, withUnit(effect.element, "at%")) ?? []);
    return [
      section(
        `What the elements of ${input} do`,
        paragraph(
          `An amount cannot change alone: where an element is set to another amount, all others are scaled so that the sum stays 100 at% and they keep their ratios. The table has how much ${moved} change on average where an element takes its median amount of the training rows instead of the row's own; changes are of one element at a time and do not add up, and that of the element that makes up the rest is that of all others, thinned or enriched together. ${legend}${more}`,
        ),
        table(
          ["element", "median at%", "at% in training rows", withUnit(`moves ${moved} by`, unit)],
          used.slice(0, SHOWN).map(({ element, reference, training, meanAbsolute }) => {
            const { min, max } = rangeOf(training);
            const had = max === 0 ? "in none of them" : `${threeFigures(min)} … ${threeFigures(max)}`;
            return [element, threeFigures(reference), had, threeFigures(meanAbsolute)];
          }),
        ),
        ...(colours === undefined || figures.length === 0 ? [] : [paragraph(colours)]),
        row(...figures),
      ),
    ];
  });
}

/**
 * `in alloy Mo 2.1 instead of 0.5 at%: +180 MPa`: what the elements of a row change most, against their median amounts.
 *
 * @param what - what changes, behind the name of the column, where it is not the prediction
 */
export function elementsOfRow<E extends ElementAmounts>(
  columns: readonly ElementsOfColumn<E>[],
  i: number,
  changesOf: (effect: E) => Float64Array | undefined,
  unit: string,
  what = "",
): string[] {
  return columns.flatMap(({ input, elements }) => {
    const most = elements
      .map((effect) => ({ ...effect, change: changesOf(effect)?.[i] ?? Number.NaN }))
      .filter(({ change }) => Math.abs(change) > 0)
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
      .slice(0, MOST_IN_ROW);
    if (most.length === 0) return [];
    const named = most.map(
      ({ element, amounts, reference, change }) =>
        `${element} ${threeFigures(amounts[i] ?? 0)} instead of ${threeFigures(reference)} at%: ${signed(change)}${unit}`,
    );
    return [`in ${input}${what} ${named.join(", ")}`];
  });
}
