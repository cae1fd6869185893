import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { deviation } from "./deviation.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { flattenShading } from "./flattenShading.ts";
import { requireGrey } from "./requireGrey.ts";
import { segmentByContrast } from "./segmentByContrast.ts";
import { checkContrastOptions, type SegmentColourGrainsOptions } from "./segmentColourGrains.ts";

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
  requireGrey("segmentContrastGrains", grey, 16);
  const { strictness, minAreaPx } = checkContrastOptions("segmentContrastGrains", options);
  const { width, height, pixelSizeUm } = grey;
  const flat = flattenShading(grey);
  const noise = estimateNoise(flat);
  const spread = Math.sqrt(Math.max(0, deviation(flat.data) ** 2 - noise * noise));
  const contrastToNoise = noise === 0 ? Infinity : spread / noise;
  const sigmaPx = Math.min(2, Math.max(0.6, 1.6 / Math.sqrt(contrastToNoise)));
  const left = noise / (2 * Math.sqrt(Math.PI) * sigmaPx);
  const fromNoise = strictness * Math.max(0.09 * spread, (contrastToNoise < DROWNED ? 4 : 1.2) * left, 1e-4);
  const { labels, nGrains, nCut, minContrast } = segmentByContrast(width, height, {
    values: flat.data,
    nChannels: 1,
    sigmaPx,
    edge: Math.max(2.5 * left, 0.1 * spread, 1e-5),
    nSteps: contrastToNoise > 10 ? 10 : 30,
    minContrast: fromNoise,
    minAreaPx,
    textureFactor: TEXTURE * strictness,
  });
  return {
    labels: createRaster(labels.data, width, height, { pixelSizeUm }),
    nGrains,
    diagnostics: {
      noise,
      minContrast,
      contrastToNoise,
      nCut,
      greyExplained: explained(flat.data, labels.data, nGrains, noise),
    },
  };
}

/** Spread of grey over noise below which regions are noise unless their contrast is far above what smoothing leaves of it. */
const DROWNED = 0.5;

/** Contrast of a boundary over the usual step of the smoothed image, which is the texture inside grains. */
const TEXTURE = 1;

/** Variance of the regions' mean greys, weighted by area, over the variance of grey less that of noise; 0 for a uniform image. */
function explained(grey: Float32Array, labels: Uint32Array, nGrains: number, noise: number): number {
  const sums = new Float64Array(nGrains + 1);
  const counts = new Float64Array(nGrains + 1);
  for (let i = 0; i < grey.length; i++) {
    sums[labels[i]!]! += grey[i]!; // labels are 0 … nGrains, as many as greys
    counts[labels[i]!]! += 1;
  }
  const mean = sums.reduce((all, sum) => all + sum, 0) / grey.length;
  let between = 0;
  for (let k = 0; k <= nGrains; k++) if (counts[k]! > 0) between += (sums[k]! - mean * counts[k]!) ** 2 / counts[k]!;
  const variance = deviation(grey) ** 2 - noise * noise;
  return variance > 1e-12 ? Math.min(1, between / grey.length / variance) : 0;
}
