import { DataError, type LabelMap } from "@materiome/core";
import { studentQuantile } from "@materiome/core/numerics";
import { type CompareLabellingsOptions, compareLabellings } from "./compareLabellings.ts";

export interface OperatorRepeatability {
  readonly nFields: number;
  /** Mean difference of G by intercept, first labelling less second, and its 95 % interval (Student's t). */
  readonly bias: number;
  readonly biasLow: number | null;
  readonly biasHigh: number | null;
  /** Standard deviation of G between labellings of one field, s_r = √(Σ d² / 2n). */
  readonly repeatabilityStd: number;
  /** Two labellings of one field differ by less than this with 95 % probability: r = 2.8·s_r. */
  readonly repeatabilityLimit: number;
  /** Means over fields. */
  readonly boundaryF1: number;
  readonly adaptedRandError: number;
  readonly panopticQuality: number;
}

/**
 * How far two labellings of the same fields (one operator twice, or two operators) differ in grain size number.
 *
 * Over fields i with d_i = G_first − G_second by the lineal intercept: bias d̄ ± t₀.₉₇₅(n − 1)·s_d/√n, repeatability standard
 * deviation √(Σ d_i² / 2n), repeatability limit 2.8·s_r. Labels that are 0 are refused: close the boundaries first.
 *
 * @param pairs - the two label maps of each field, grains 1 … n without 0
 * @throws DataError for no fields, or a field whose labels do not tile it
 * @see ISO 5725-2:2019 §7 (repeatability), ISO 5725-6:1994 §4.1.4 (limit 2.8·s); J. M. Bland, D. G. Altman, Lancet 327, 307 (1986)
 * @example
 * const { bias, repeatabilityLimit } = operatorRepeatability([{ first: monday, second: friday }]);
 */
export function operatorRepeatability(
  pairs: readonly { readonly first: LabelMap; readonly second: LabelMap }[],
  options: CompareLabellingsOptions = {},
): OperatorRepeatability {
  if (pairs.length === 0)
    throw new DataError("operatorRepeatability: there are no fields; give at least one pair of label maps");
  const scores = pairs.map(({ first, second }, i) => {
    const score = compareLabellings(first, second, options);
    if (score.grainSize !== null) return { ...score, d: score.grainSize.intercept };
    throw new DataError(
      `operatorRepeatability: field ${i + 1} holds 0 (boundary pixels) in a labelling; call absorbBoundaries on both first`,
    );
  });
  const n = scores.length;
  const mean = (value: (score: (typeof scores)[number]) => number): number =>
    scores.reduce((sum, score) => sum + value(score), 0) / n;
  const bias = mean(({ d }) => d);
  const s = n < 2 ? null : Math.sqrt(scores.reduce((sum, { d }) => sum + (d - bias) ** 2, 0) / (n - 1));
  const half = s === null ? null : (studentQuantile(0.975, n - 1) * s) / Math.sqrt(n);
  const repeatabilityStd = Math.sqrt(mean(({ d }) => d * d) / 2);
  return {
    nFields: n,
    bias,
    biasLow: half === null ? null : bias - half,
    biasHigh: half === null ? null : bias + half,
    repeatabilityStd,
    repeatabilityLimit: 2.8 * repeatabilityStd,
    boundaryF1: mean(({ boundary }) => boundary.f1),
    adaptedRandError: mean((score) => score.adaptedRandError),
    panopticQuality: mean(({ panoptic }) => panoptic.quality),
  };
}
