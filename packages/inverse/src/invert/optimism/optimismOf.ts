import { deriveGroups, type Matrix, type TableModel } from "@materiome/core";
import type { Limits } from "../../spec/limits.ts";
import { type CalibrationSlope, calibrationSlope } from "./calibrationSlope.ts";

/** How much too good predictions are that were picked because they are good. */
export interface Optimism {
  /** One per target asked for: how held-out rows were predicted. */
  readonly slopes: readonly (CalibrationSlope & { readonly target: string })[];
  /** Highest probability found, as predicted. */
  readonly predicted: number;
  /** The same setting's, corrected. */
  readonly corrected: number;
}

/** Why nothing can be said of it, or what moves a prediction. */
export type OptimismBasis =
  | { readonly slopes: readonly (CalibrationSlope & { readonly target: string })[] }
  | { readonly missing: string };

/**
 * What is known of the optimism of a model, from predictions of its training rows that did not see them.
 *
 * Who takes the best of many predictions m(x) is disappointed on average wherever errors and predictions go together (the optimiser's
 * curse; J. E. Smith & R. L. Winkler, Manag. Sci. 52, 311 (2006), doi:10.1287/mnsc.1050.0451). Let m = E + u. If the model were a
 * posterior mean, E[y | m] = m, selection by m would do no harm: the expected outcome given m does not depend on how m came to be
 * chosen, best of many or not (B. Efron, J. Am. Stat. Assoc. 106, 1602 (2011), doi:10.1198/jasa.2011.tm11181, section 2). So the
 * remedy is E[y | m] itself. For normal errors it is linear, E[y | m] = ȳ + λ (m − m̄) with λ = cov(y, m) / var(m): Tweedie's formula
 * of a normal marginal. λ < 1: predictions are more spread than the truth, high ones fall short; λ > 1: they are too tame, as those
 * of averaged trees are, and the best will be better than predicted. λ is estimated from held-out rows and drawn towards 1 by what
 * chance explains ({@link calibrationSlope}).
 *
 * To intervals comes what the choice of their place gains where the distribution was learnt from few residuals ({@link
 * windowOptimism}).
 *
 * A prediction m is moved by (λ − 1)(m − m̄) and its probability taken from the moved distribution. That assumes that the settings searched
 * are to the model what its training rows were; the domain check is there to keep it so. Errors that only the search finds (a bump
 * of the model between rows) are not in it.
 */
export function optimismBasis(
  model: TableModel,
  heldOut: Matrix | undefined,
  limits: readonly Limits[],
): OptimismBasis {
  if (heldOut === undefined) return { missing: "the model keeps no predictions of rows that it had not seen" };
  const { training } = model;
  const { codes } = deriveGroups(training);
  const slopes: (CalibrationSlope & { readonly target: string })[] = [];
  for (const { target, column } of limits) {
    const predicted = Float64Array.from(
      { length: heldOut.rows },
      (_, i) => heldOut.data[i * heldOut.columns + column] ?? Number.NaN,
    );
    const slope = calibrationSlope(training.number(target).values, predicted, codes);
    if (slope === undefined) return { missing: `too few rows of "${target}" were predicted without having been seen` };
    slopes.push({ target, ...slope });
  }
  return { slopes };
}

/** By how much the mean of each target is expected to move from what is predicted. */
export function expectedShift(slope: CalibrationSlope, mean: number): number {
  return (slope.shrunk - 1) * (mean - slope.centre);
}
