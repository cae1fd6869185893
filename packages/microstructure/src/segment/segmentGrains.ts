import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { boundaryMask } from "../regions/boundaryMask.ts";
import type { BoundaryPolarity } from "./chooseRidgeScale.ts";
import { segmentGrainBands } from "./segmentGrainBands.ts";

export interface SegmentGrainsOptions {
  /** Whether boundaries are darker or brighter than the grains. @defaultValue "auto" */
  readonly polarity?: BoundaryPolarity | "auto" | undefined;
  /**
   * Strength, as a share of a typical boundary's, from which a line counts as seen, 0 … 1 (both excluded). Lower finds
   * fainter boundaries and more false ones. @defaultValue 0.3
   */
  readonly sensitivity?: number | undefined;
  /** Smoothing across boundaries, px, at least 0.7. @defaultValue chosen from 1.2, 1.5, 2.2 and 3.2 by boundary width and noise */
  readonly sigmaPx?: number | undefined;
}

export interface SegmentGrainsDiagnostics {
  /** Standard deviation of the pixel noise, full scale 1. */
  readonly noise: number;
  readonly sigmaPx: number;
  /** Ridge strength of a typical boundary over the standard deviation of ridge strength from noise. */
  readonly boundaryToNoise: number;
  /** Regions before borders without evidence were removed. */
  readonly nCut: number;
  /** Dark islands given to their neighbours. */
  readonly nIslands: number;
  /**
   * Confidence: share of the boundary length where the picture shows a line, one that differs in the same sense from both
   * its sides, 0 … 1; 0 where no boundary is left. Pictures without boundary lines stay below 0.35 (see the README).
   */
  readonly lineShare: number;
}

export interface GrainSegmentation {
  /** Grains 1 … n; they tile the image, boundaries have no thickness. Each is one 4-connected region. */
  readonly labels: LabelMap;
  readonly nGrains: number;
  /** 1 on the pixels left of or above a boundary: lines one pixel wide. */
  readonly boundary: Raster<Uint8Array>;
  readonly polarity: BoundaryPolarity;
  readonly diagnostics: SegmentGrainsDiagnostics;
}

/**
 * Cuts a micrograph into grains along dark or bright boundary lines.
 *
 * Stages: illumination divided out; noise estimated; polarity and line width found; lines detected by oriented second
 * derivatives averaged along the line, thinned, thresholded with hysteresis relative to the typical boundary and to the
 * noise; exact Euclidean distance to the lines, its maxima as seeds, watershed across the remaining gaps; regions joined
 * where less than 70 % of their common border is seen; islands as dark as the boundaries absorbed; staircases evened out.
 * Every parameter follows from the noise, the typical boundary strength and the mean spacing of the lines.
 *
 * The labels tile the plane (boundaries of zero thickness), as ASTM E112 lineal intercepts need. Grains below about 7 px
 * across are not resolved. Grains that differ only in grey, without a line between them, are not told apart.
 *
 * @param grey - one channel, finite, at least 32 × 32 px
 * @throws DomainError where no line stands above the noise (uniform image, no etched boundaries, out of focus)
 * @throws ShapeError for more than one channel or an image below 32 × 32 px
 * @example
 * const { grey } = await readMicrograph("steel.tif");
 * const { labels, nGrains } = segmentGrains(grey);
 */
export function segmentGrains(grey: Raster<Float32Array>, options: SegmentGrainsOptions = {}): GrainSegmentation {
  const { width, height, channels, data, pixelSizeUm } = grey;
  if (channels !== 1) {
    throw new ShapeError(`segmentGrains: needs one channel, got ${channels}`);
  }
  const source = memoryStore("float32", width, height, data);
  const found = segmentGrainBands(bandSpace(width, height), source, options);
  const labels = createRaster(found.labels.read(0, height), width, height, { pixelSizeUm });
  return { ...found, labels, boundary: boundaryMask(labels) };
}
