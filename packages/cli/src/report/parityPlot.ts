import type { OutOfFold } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { type Html, html } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import type { PlotLayer } from "./plots/layers.ts";
import { plot } from "./plots/plot.ts";

/**
 * Measured against predicted-while-held-out with intervals; a point on the dashed line is a perfect prediction. Rows outside the
 * domain of their fold's training rows are crosses.
 */
export function parityPlot(held: OutOfFold, unit: string, titleOf?: (row: number) => string): Html {
  const inUnit = unit === "" ? "" : ` (${displayUnit(unit)})`;
  return html(
    plot({
      description: `measured against predicted ${held.target}`,
      identity: true,
      x: { label: `measured${inUnit}` },
      y: { label: `predicted while held out${inUnit}` },
      layers: pointsByDomain(held, (i) => [held.actual[i], held.predicted[i]], {
        ends: (i) => [held.lower[i], held.upper[i]],
        titleOf,
      }),
    }),
  );
}

export interface PointsByDomainOptions {
  /** Ends of the vertical bar of entry i. */
  readonly ends?: (i: number) => readonly [number | undefined, number | undefined];
  readonly titleOf?: ((row: number) => string) | undefined;
}

/** Held-out rows inside the domain as dots, outside as crosses; with names where there are both. */
export function pointsByDomain(
  held: OutOfFold,
  place: (i: number) => readonly [number | undefined, number | undefined],
  options: PointsByDomainOptions,
): PlotLayer[] {
  const { ends, titleOf } = options;
  const all = Array.from(held.rows.keys());
  const number = (value: number | undefined): number => value ?? Number.NaN;
  const parts = [
    { kept: all.filter((i) => held.inDomain[i] === 1), name: "inside the domain", colour: COLOURS.blue },
    { kept: all.filter((i) => held.inDomain[i] !== 1), name: "outside", colour: COLOURS.red, shape: "cross" as const },
  ];
  const isMixed = parts.every(({ kept }) => kept.length > 0);
  return parts.flatMap(({ kept, name, colour, shape }) =>
    kept.length === 0
      ? []
      : [
          {
            kind: "points" as const,
            ...(isMixed || shape === "cross" ? { name: `${name} (${kept.length})` } : {}),
            ...(shape === undefined ? {} : { shape }),
            colour,
            x: kept.map((i) => number(place(i)[0])),
            y: kept.map((i) => number(place(i)[1])),
            ...(ends === undefined
              ? {}
              : { lower: kept.map((i) => number(ends(i)[0])), upper: kept.map((i) => number(ends(i)[1])) }),
            ...(titleOf === undefined
              ? {}
              : {
                  titles: kept.map((i) => {
                    const reason = held.domainReasons[i];
                    return `${titleOf(held.rows[i] ?? 0)}${reason === undefined ? "" : `: ${reason}`}`;
                  }),
                }),
          },
        ],
  );
}
