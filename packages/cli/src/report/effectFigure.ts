import type { ColumnEffect } from "@materiome/forward";
import { effectLayers } from "./effectLayers.ts";
import { type Html, html } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { plot } from "./plots/plot.ts";
import { withUnit } from "./trainedSource.ts";

/** Curves of single rows drawn behind their mean; more would only cover each other. */
const MOST_CURVES = 30;

/** What is beside an effect in its plot. */
export interface EffectOf {
  readonly target: { readonly name: string; readonly unit: string };
  /** Name and unit of what is changed. */
  readonly label: string;
  /** Its values in the training rows. */
  readonly training: Float64Array;
}

/** Accumulated local effect, centred partial dependence, and behind them the curves of single rows. */
export function effectFigure({ local, partial }: ColumnEffect, { target, label, training }: EffectOf): Html {
  const { shift, layers } = effectLayers(local, partial, training, { local: COLOURS.blue, partial: COLOURS.orange });
  return html(
    `<figure>${plot({
      description: `effect of ${local.input} on ${target.name}`,
      width: 340,
      height: 250,
      x: { label },
      y: { label: withUnit("effect", target.unit) },
      layers: [
        { kind: "rug", colour: COLOURS.grey, x: Array.from(new Set(training)) },
        ...rowCurves(partial, shift).map((y) => ({ kind: "line", colour: "#dcdfe3", x: partial.grid, y }) as const),
        ...layers,
      ],
    })}</figure>`,
  );
}

/** Individual conditional expectation of some rows, each moved so that its mean over the grid is that of the partial dependence. */
function rowCurves({ mean, curves }: ColumnEffect["partial"], shift: number): Float64Array[] {
  const m = curves.columns;
  const step = Math.max(1, Math.ceil(curves.rows / MOST_CURVES));
  const level = average(mean);
  return Array.from({ length: Math.ceil(curves.rows / step) }, (_, k) => {
    const own = curves.data.slice(k * step * m, (k * step + 1) * m);
    const off = average(own) - level + shift;
    return own.map((value) => value - off);
  });
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
