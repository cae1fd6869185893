import type { ClassColumnEffect } from "@materiome/forward";
import type { EffectOf } from "./effectFigure.ts";
import { meanOverRows } from "./meanOverRows.ts";
import { type Html, html } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import type { PlotLayer } from "./plots/layers.ts";
import { plot } from "./plots/plot.ts";

/** A class with a line of its own. */
export interface DrawnClass {
  readonly code: number;
  readonly colour: string;
}

/** Accumulated local effect and centred partial dependence on the probabilities of some classes. */
export function classEffectFigure(
  { input, local, partial }: ClassColumnEffect,
  { target, label, training }: EffectOf,
  drawn: readonly DrawnClass[],
): Html {
  const none = new Float64Array(0);
  const lines = drawn.flatMap(({ code, colour }): PlotLayer[] => {
    const { effect = none, standardError = none } = local.classes[code] ?? {};
    const means = partial.means[code] ?? none;
    // Both have the same mean over the rows, so that they part only where they differ in shape.
    const shift = meanOverRows(partial.grid, means, training) - meanOverRows(local.grid, effect, training);
    const error = (k: number): number => standardError[k] ?? 0;
    return [
      { kind: "line", colour, dashed: true, x: partial.grid, y: means.map((v) => v - shift) },
      { kind: "line", colour, x: local.grid, y: effect },
      {
        kind: "points",
        colour,
        radius: 1.6,
        x: local.grid,
        y: effect,
        lower: effect.map((v, k) => v - error(k)),
        upper: effect.map((v, k) => v + error(k)),
      },
    ];
  });
  return html(
    `<figure>${plot({
      description: `effect of ${input} on the classes of ${target.name}`,
      width: 340,
      height: 250,
      x: { label },
      y: { label: "effect on the probability" },
      layers: [{ kind: "rug", colour: COLOURS.grey, x: Array.from(new Set(training)) }, ...lines],
    })}</figure>`,
  );
}
