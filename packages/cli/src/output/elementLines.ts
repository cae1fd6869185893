import { threeFigures } from "../terminal/figures.ts";

interface ElementsOfColumn {
  readonly input: string;
  readonly elements: readonly {
    readonly element: string;
    readonly meanAbsolute: number;
    readonly training: Float64Array;
  }[];
}

const LISTED = 10;

/**
 * What the elements of each column do, for the terminal: a blank line and one of text each; none where no element does anything.
 *
 * @param what - what changes, behind "mean |change|": ` MPa`, ` of the probability of "bcc"`
 */
export function elementLines(columns: readonly ElementsOfColumn[], what: string): string[] {
  return columns.flatMap(({ input, elements }) => {
    const used = elements.filter(({ meanAbsolute }) => meanAbsolute > 0).slice(0, LISTED);
    if (used.length === 0) return [];
    const unseen = (training: Float64Array): string => (training.some((a) => a > 0) ? "" : " (in no training row)");
    const named = used
      .map(({ element, meanAbsolute, training }) => `${element} ${threeFigures(meanAbsolute)}${unseen(training)}`)
      .join(", ");
    return ["", `elements of ${input}, mean |change|${what} against their median amounts, the others scaled: ${named}`];
  });
}
