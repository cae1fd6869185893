import type { ClassColumnEffect } from "@materiome/forward";
import type { EffectOf } from "./effectFigure.ts";
import { effectLayers } from "./effectLayers.ts";
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
    const curve = { grid: local.grid, effect, standardError };
    const means = { grid: partial.grid, mean: partial.means[code] ?? none };
    return [...effectLayers(curve, means, training, { local: colour, partial: colour }).layers];
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
