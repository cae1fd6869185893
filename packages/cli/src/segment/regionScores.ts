import { isMateriomeError, type LabelMap, type Raster } from "@materiome/core";
import { panopticQuality } from "@materiome/microstructure/compare";
import { segmentMicrograph } from "@materiome/microstructure/segment";

/** How well regions were told apart, in one image or over several. */
export interface RegionScore {
  readonly nFound: number;
  readonly nTrue: number;
  /** Pairs of a found and a true region with IoU above ½: at most one for each. */
  readonly nMatched: number;
  /** 2 · matched / (found + true). */
  readonly f1: number;
  /** Panoptic quality: 2 Σ IoU of matched / (found + true). */
  readonly quality: number;
  /** Mean IoU of matched pairs; null without any. */
  readonly meanIou: number | null;
}

/** Regions of one image, or a part of one, that were held out. */
export interface HeldOutRegionPair {
  readonly predicted: LabelMap;
  readonly truth: LabelMap;
}

/** What is found without training. */
export type ClassicalRegions = { readonly labels: LabelMap; readonly method: string } | { readonly reason: string };

/**
 * Over all images together: regions count alike, whatever image they are in. Null where there are none.
 *
 * @see A. Kirillov et al., CVPR 2019, doi:10.1109/CVPR.2019.00963
 */
export function scoreRegions(pairs: readonly HeldOutRegionPair[]): RegionScore | null {
  let [nFound, nTrue, nMatched, sum] = [0, 0, 0, 0];
  for (const { predicted, truth } of pairs) {
    if (!predicted.data.some((label) => label > 0) && !truth.data.some((label) => label > 0)) continue;
    const { truePositives, falsePositives, falseNegatives, segmentation } = panopticQuality(predicted, truth);
    nFound += truePositives + falsePositives;
    nTrue += truePositives + falseNegatives;
    nMatched += truePositives;
    sum += (segmentation ?? 0) * truePositives;
  }
  const total = nFound + nTrue;
  if (total === 0) return null;
  return {
    nFound,
    nTrue,
    nMatched,
    f1: (2 * nMatched) / total,
    quality: (2 * sum) / total,
    meanIou: nMatched === 0 ? null : sum / nMatched,
  };
}

/** The pipeline that needs no labels: of particles that for particles, of grains the one that digitize would choose. */
export function classicalRegions(
  grey: Raster<Float32Array>,
  colour: Raster<Float32Array> | undefined,
  kind: "grains" | "particles",
): ClassicalRegions {
  try {
    const { labels, method } = segmentMicrograph(
      { grey, colour },
      { method: kind === "particles" ? "particles" : "auto" },
    );
    return { labels, method };
  } catch (error) {
    if (isMateriomeError(error)) return { reason: error.message };
    throw error;
  }
}
