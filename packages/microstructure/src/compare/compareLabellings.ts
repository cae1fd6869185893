import type { LabelMap } from "@materiome/core";
import { boundaryMask } from "../regions/boundaryMask.ts";
import { boundaryF1 } from "./boundaryF1.ts";
import { type GrainSizeDifference, grainSizeDifference } from "./grainSizeDifference.ts";
import { adaptedRandError, type VariationOfInformation, variationOfInformation } from "./partitionScores.ts";
import { averagePrecision, type PanopticQuality, panopticQuality } from "./regionMatching.ts";

export interface CompareLabellingsOptions {
  /** Distance within which boundaries agree. @defaultValue 3 */
  readonly tolerancePx?: number | undefined;
}

export interface LabellingComparison {
  readonly nRegions: { readonly predicted: number; readonly truth: number };
  readonly boundary: { readonly tolerancePx: number; readonly f1: number; readonly f1OneToOne: number };
  readonly adaptedRandError: number;
  readonly variationOfInformation: VariationOfInformation;
  readonly panoptic: PanopticQuality;
  readonly averagePrecision: number;
  /** Null where a map holds 0, so that its regions do not tile the field. */
  readonly grainSize: GrainSizeDifference | null;
}

/**
 * All scores of two labellings of one field at once: boundaries, regions, and what they do to the grain size.
 *
 * @param predicted - regions 1 … n, 0 for what is none
 * @param truth - likewise, same size
 * @throws ShapeError for maps of different size; DataError where a map has no regions or no boundaries
 * @example
 * const { boundary, grainSize } = compareLabellings(labels, handLabels);
 */
export function compareLabellings(
  predicted: LabelMap,
  truth: LabelMap,
  options: CompareLabellingsOptions = {},
): LabellingComparison {
  const tolerancePx = options.tolerancePx ?? 3;
  const panoptic = panopticQuality(predicted, truth);
  const [edges, trueEdges] = [boundaryMask(predicted), boundaryMask(truth)];
  const tiles = !predicted.data.includes(0) && !truth.data.includes(0);
  return {
    nRegions: {
      predicted: panoptic.truePositives + panoptic.falsePositives,
      truth: panoptic.truePositives + panoptic.falseNegatives,
    },
    boundary: {
      tolerancePx,
      f1: boundaryF1(edges, trueEdges, tolerancePx).f1,
      f1OneToOne: boundaryF1(edges, trueEdges, tolerancePx, { matching: "one-to-one" }).f1,
    },
    adaptedRandError: adaptedRandError(predicted, truth).error,
    variationOfInformation: variationOfInformation(predicted, truth),
    panoptic,
    averagePrecision: averagePrecision(predicted, truth).mean,
    grainSize: tiles ? grainSizeDifference(predicted, truth) : null,
  };
}
