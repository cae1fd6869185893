import { meanOverRows } from "./meanOverRows.ts";
import type { PlotLayer } from "./plots/layers.ts";

/** A curve over the values of an input. */
interface LocalCurve {
  readonly grid: Float64Array;
  readonly effect: Float64Array;
  readonly standardError: Float64Array;
}

interface EffectColours {
  readonly local: string;
  readonly partial: string;
}

/**
 * An accumulated local effect with its standard errors, and the partial dependence less `shift`, dashed behind it: both have the same mean
 * over the training rows then, so that they part only where they differ in shape.
 */
export function effectLayers(
  { grid, effect, standardError }: LocalCurve,
  partial: { readonly grid: Float64Array; readonly mean: Float64Array },
  training: Float64Array,
  colours: EffectColours,
): { readonly shift: number; readonly layers: readonly PlotLayer[] } {
  const shift = meanOverRows(partial.grid, partial.mean, training) - meanOverRows(grid, effect, training);
  const error = (k: number): number => standardError[k] ?? 0;
  return {
    shift,
    layers: [
      { kind: "line", colour: colours.partial, dashed: true, x: partial.grid, y: partial.mean.map((v) => v - shift) },
      { kind: "line", colour: colours.local, x: grid, y: effect },
      {
        kind: "points",
        colour: colours.local,
        radius: 2,
        x: grid,
        y: effect,
        lower: effect.map((v, k) => v - error(k)),
        upper: effect.map((v, k) => v + error(k)),
      },
    ],
  };
}
