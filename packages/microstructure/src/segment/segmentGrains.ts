import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { dilateMax } from "../kernels/index.ts";
import { boundaryMask } from "../regions/boundaryMask.ts";
import { absorbIslands } from "./absorbIslands.ts";
import { type BoundaryNetwork, boundaryNetwork } from "./boundaryNetwork.ts";
import { type BoundaryPolarity, chooseRidgeScale } from "./chooseRidgeScale.ts";
import { crestLines } from "./crestLines.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { flattenBackground } from "./flattenBackground.ts";
import { lineShare } from "./lineShare.ts";
import { mergeRegions } from "./mergeRegions.ts";
import { type GrainPartition, partitionGrains } from "./partitionGrains.ts";
import { ridgeNoiseGain, ridgeStrength } from "./ridgeStrength.ts";
import { smoothBoundaries } from "./smoothBoundaries.ts";

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
  const sensitivity = checkArguments(grey, options);
  const { width, height } = grey;
  const flat = flattenBackground(grey, Math.max(width, height) / 8);
  const noise = Math.max(estimateNoise(flat), greyStep(grey.data) / 2);
  const leastRidge = LEAST_RIDGE * mean(flat.data);
  const scale = chooseRidgeScale(flat, noise, leastRidge, options.polarity ?? "auto");
  if (scale === undefined) throw noStructure(noise);
  const { polarity } = scale;
  const sigmaPx = options.sigmaPx ?? scale.sigmaPx;
  const image = polarity === "dark" ? flat : { ...flat, data: flat.data.map((value) => -value) };
  const ridgeNoise = Math.max(noise * ridgeNoiseGain(sigmaPx), leastRidge);
  const ridge = ridgeStrength(image, sigmaPx);
  const lines = crestLines(width, height, ridge, sigmaPx, ridgeNoise);
  const network = boundaryNetwork(width, height, lines, ridgeNoise);
  if (network === undefined) throw noStructure(noise);
  const partition = partitionGrains(width, height, network);
  const { labels } = partition;
  const minRadiusPx = Math.max(1.2, 0.1 * network.spacingPx);
  const nMerged = mergeRegions(width, height, labels, partition.n, {
    evidence: boundaryEvidence(width, height, network, Math.max(4 * ridgeNoise, sensitivity * network.typical)),
    inscribedRadius: partition.inscribedRadius,
    minRadiusPx,
  });
  const levels = greyLevels(image.data, network, partition);
  const { nRegions, nIslands } = absorbIslands(width, height, image.data, labels, nMerged, levels);
  const largestFragment = nRegions > 1 ? Math.floor(minRadiusPx * minRadiusPx) : 0;
  const nGrains = smoothBoundaries(width, height, labels, largestFragment);
  const labelMap = createRaster(labels, width, height, { pixelSizeUm: grey.pixelSizeUm });
  const boundary = boundaryMask(labelMap);
  return {
    labels: labelMap,
    nGrains,
    boundary,
    polarity,
    diagnostics: {
      noise,
      sigmaPx,
      boundaryToNoise: network.typical / ridgeNoise,
      nCut: partition.n,
      nIslands,
      lineShare: lineShare(width, height, boundary.data, ridge, network, sigmaPx, noise) ?? 0,
    },
  };
}

function checkArguments(grey: Raster<Float32Array>, options: SegmentGrainsOptions): number {
  const { width, height, channels, data } = grey;
  if (channels !== 1 || width < 32 || height < 32) {
    throw new ShapeError(
      `segmentGrains: needs one channel and at least 32 × 32 px, got ${width} × ${height} with ${channels} channels`,
    );
  }
  if (data.some((value) => !Number.isFinite(value))) {
    throw new DomainError("segmentGrains: the image holds NaN or infinite values; replace or crop them first");
  }
  const sensitivity = options.sensitivity ?? 0.3;
  if (!(sensitivity > 0 && sensitivity < 1)) {
    throw new DomainError(`segmentGrains: sensitivity must lie between 0 and 1, got ${sensitivity}`);
  }
  if (options.sigmaPx !== undefined && !(options.sigmaPx >= 0.7 && options.sigmaPx <= 50)) {
    throw new DomainError(`segmentGrains: sigmaPx must lie in 0.7 … 50, got ${options.sigmaPx}`);
  }
  return sensitivity;
}

/** 0 … 1 per pixel: strength of the nearest crest within one pixel, relative to the strength that counts as seen. */
function boundaryEvidence(width: number, height: number, network: BoundaryNetwork, seen: number): Float32Array {
  const relative = network.crest.map((value) => Math.min(1, value / seen));
  const evidence = new Float32Array(relative.length);
  dilateMax(width, height, relative, evidence);
  return evidence;
}

function greyLevels(
  image: Float32Array,
  network: BoundaryNetwork,
  partition: GrainPartition,
): { readonly line: number; readonly grain: number } {
  const lines: number[] = [];
  const grains: number[] = [];
  const stride = Math.max(1, Math.floor(image.length / 100_000));
  for (let i = 0; i < image.length; i++) {
    // All arrays are as long as the image. Lines are few, grain pixels many.
    if (network.mask[i] === 1 && network.crest[i]! >= network.typical) lines.push(image[i]!);
    else if (i % stride === 0 && partition.distance[i]! >= 3) grains.push(image[i]!);
  }
  const grain = median(grains) ?? median(lines) ?? 0;
  return { line: median(lines) ?? grain, grain };
}

function median(values: number[]): number | undefined {
  return Float64Array.from(values).sort()[values.length >> 1];
}

/**
 * Standard deviation of ridge strength assumed at least, as a share of the mean grey: clear boundaries below 1 % of it are
 * not believed (what flattening leaves of a smooth shading is about half of that).
 */
const LEAST_RIDGE = 0.002;

/**
 * Smallest step between grey values present; 0 where there is one value. Half of it counts as noise, so that the contour
 * lines of a smooth shading rounded to 8 bits are no boundaries.
 */
function greyStep(data: Float32Array): number {
  const stride = Math.max(1, Math.floor(data.length / 50_000));
  const values = data.filter((_, i) => i % stride === 0).sort();
  let step = Infinity;
  for (let i = 1; i < values.length; i++) {
    const gap = values[i]! - values[i - 1]!; // i < length
    if (gap > 1e-6 && gap < step) step = gap;
  }
  return step === Infinity ? 0 : step;
}

function mean(data: Float32Array): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / data.length;
}

function noStructure(noise: number): DomainError {
  return new DomainError(
    `segmentGrains: found no boundary lines above the noise (standard deviation ${noise.toPrecision(2)} of full scale); the image is uniform or its boundaries are not visible: check focus, etching and that this is a micrograph`,
  );
}
