import type { OutOfFold } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { type Html, html } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { plot } from "./plots/plot.ts";

/** Measured against predicted-while-held-out with intervals; a point on the dashed line is a perfect prediction. */
export function parityPlot(held: OutOfFold, unit: string, titleOf?: (row: number) => string): Html {
  const inUnit = unit === "" ? "" : ` (${displayUnit(unit)})`;
  return html(
    plot({
      description: `measured against predicted ${held.target}`,
      identity: true,
      x: { label: `measured${inUnit}` },
      y: { label: `predicted while held out${inUnit}` },
      layers: [
        {
          kind: "points",
          colour: COLOURS.blue,
          x: held.actual,
          y: held.predicted,
          lower: held.lower,
          upper: held.upper,
          ...(titleOf === undefined ? {} : { titles: Array.from(held.rows, titleOf) }),
        },
      ],
    }),
  );
}
