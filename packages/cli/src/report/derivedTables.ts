import type { InputParts } from "@materiome/forward";
import { threeFigures } from "../terminal/figures.ts";
import { type Html, paragraph, table } from "./page.ts";
import { withUnit } from "./trainedSource.ts";

/** Features shown of a column. */
const SHOWN = 10;

/** Under the bar of a column that features are computed from: which of these predictions move with. */
export function derivedTables(parts: readonly InputParts[], what: string, unit: string): Html[] {
  return parts.flatMap(({ input, parts: all }) => {
    const used = all.filter(({ meanAbsoluteChange }) => meanAbsoluteChange > 0);
    if (used.length === 0) return [];
    const more = used.length - SHOWN;
    return [
      paragraph(
        `Inside ${input}: the model sees ${all.length} features computed from it, and ${used.length} of them move ${what}. By how much on average, where one of them alone takes the value of a training row; features that go along with each other stand in for each other, and the changes do not add up to the contribution of the column.${more > 0 ? ` The other ${more} are in explain.json.` : ""}`,
      ),
      table(
        [`computed from ${input}`, withUnit(`moves ${what} by`, unit)],
        used
          .slice(0, SHOWN)
          .map(({ feature, unit: own, meanAbsoluteChange }) => [
            withUnit(feature, own),
            threeFigures(meanAbsoluteChange),
          ]),
      ),
    ];
  });
}
