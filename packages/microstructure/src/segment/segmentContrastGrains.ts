import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import type { SegmentColourGrainsOptions } from "./segmentColourGrains.ts";
import { segmentContrastGrainBands } from "./segmentContrastGrainBands.ts";

export interface ContrastGrainSegmentation {
  /** Grains 1 … n; they tile the image. */
  readonly labels: LabelMap;
  readonly nGrains: number;
  readonly diagnostics: {
    /** Standard deviation of the pixel noise, full scale 1. */
    readonly noise: number;
    /** Least contrast of a boundary, full scale 1. */
    readonly minContrast: number;
    /** Standard deviation of grey without the noise over the noise: below 1, grains drown in it. */
    readonly contrastToNoise: number;
    /** Regions before those of little contrast were joined. */
    readonly nCut: number;
    /**
     * Share of the variance of grey, noise taken off, that remains when each grain gets its mean grey: near 1 where the image
     * is a mosaic of grains, clearly less where it shows something else (precipitates with rims, texture, a few defects).
     */
    readonly greyExplained: number;
  };
}

/**
 * Cuts a grey image into grains that differ in grey, without lines between them: backscatter or orientation contrast.
 *
 * Slow shading is divided out (a quadratic over the image). Noise is smoothed within grains, not across steps (nonlinear diffusion, its length by the ratio of contrast to noise); gradient,
 * watershed from its minima, regions joined while the contrast of their common border is below what noise leaves or 9 % of the spread of grey in
 * the image. Two neighbours of the same grey, one pair in ten or so, cannot be told apart by any method that sees grey only: grain
 * sizes come out a little large.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws ShapeError for more than one channel or a smaller image; DomainError for NaN and options out of range
 * @example
 * const { labels, diagnostics } = segmentContrastGrains(grey);
 */
export function segmentContrastGrains(
  grey: Raster<Float32Array>,
  options: SegmentColourGrainsOptions = {},
): ContrastGrainSegmentation {
  const { width, height, channels, data, pixelSizeUm } = grey;
  if (channels !== 1) throw new ShapeError(`segmentContrastGrains: needs one channel, got ${channels}`);
  const source = memoryStore("float32", width, height, data);
  const found = segmentContrastGrainBands(bandSpace(width, height), source, options);
  return { ...found, labels: createRaster(found.labels.read(0, height), width, height, { pixelSizeUm }) };
}
