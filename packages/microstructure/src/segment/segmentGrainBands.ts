import { DomainError, ShapeError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { sampleRows } from "../bands/sampleRows.ts";
import { absorbIslands } from "./absorbIslands.ts";
import { boundaryNetwork } from "./boundaryNetwork.ts";
import { chooseRidgeScale } from "./chooseRidgeScale.ts";
import { crestLines } from "./crestLines.ts";
import { noiseOfRows } from "./estimateNoise.ts";
import { flattenBackground } from "./flattenBackground.ts";
import { FloatHistogram } from "./floatHistogram.ts";
import { type LineMaps, lineShare } from "./lineShare.ts";
import { mergeRegions } from "./mergeRegions.ts";
import { negative } from "./negative.ts";
import { partitionGrains } from "./partitionGrains.ts";
import { ridgeNoiseGain } from "./ridgeStrength.ts";
import type { GrainSegmentation, SegmentGrainsOptions } from "./segmentGrains.ts";
import { smoothBands } from "./smoothBoundaries.ts";

export interface GrainBands extends Omit<GrainSegmentation, "labels" | "boundary"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentGrains`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands. Local filters see enough rows around a band; statistics are sums in raster order or counts; regions, distances,
 * reconstruction and flooding are joined at the seams until nothing changes.
 *
 * @param grey - finite values, at least 32 × 32 px
 * @throws DomainError, ShapeError as `segmentGrains` does
 */
export function segmentGrainBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: SegmentGrainsOptions = {},
  onStage?: (stage: string) => void,
): GrainBands {
  const sensitivity = checkArguments(space, options);
  const { width, height } = space;
  onStage?.("background");
  const step = checkPixels(space, grey);
  const flat = space.store("float32");
  const mean = flattenBackground(space, grey, Math.max(width, height) / 8, flat);
  const noise = Math.max(noiseOfRows(flat), step / 2);
  const leastRidge = LEAST_RIDGE * mean;
  onStage?.("boundary lines");
  const scale = chooseRidgeScale(space, flat, noise, leastRidge, options.polarity ?? "auto");
  if (scale === undefined) throw noStructure(noise);
  const { polarity } = scale;
  const sigmaPx = options.sigmaPx ?? scale.sigmaPx;
  const image = polarity === "dark" ? flat : negative(flat);
  const ridgeNoise = Math.max(noise * ridgeNoiseGain(sigmaPx), leastRidge);
  const maps = {
    crest: space.store("float32"),
    orientation: space.store("uint8"),
    smooth: space.store("float32"),
  };
  const typical = crestLines(space, image, sigmaPx, ridgeNoise, ({ from }, rows) => {
    maps.crest.write(from, rows.crest);
    maps.orientation.write(from, rows.orientation);
    maps.smooth.write(from, rows.smooth);
  });
  if (typical === undefined) throw noStructure(noise);
  const network = boundaryNetwork(space, maps.crest, typical, ridgeNoise);
  if (network === undefined) throw noStructure(noise);
  const lines: LineMaps = { ...maps, mask: network.mask };
  onStage?.("watershed");
  const partition = partitionGrains(space, maps.crest, network.mask, typical);
  onStage?.("merging");
  const minRadiusPx = Math.max(1.2, 0.1 * network.spacingPx);
  const nMerged = mergeRegions(space, partition.labels, partition.n, {
    crest: maps.crest,
    seen: Math.max(4 * ridgeNoise, sensitivity * typical),
    inscribedRadius: partition.inscribedRadius,
    minRadiusPx,
  });
  const levels = greyLevels(space, image, lines, partition.distance, typical);
  partition.distance.close();
  const whole = absorbIslands(space, image, partition.labels, nMerged, levels);
  flat.close();
  onStage?.("smoothing");
  const largestFragment = whole.nRegions > 1 ? Math.floor(minRadiusPx * minRadiusPx) : 0;
  const smooth = smoothBands(space, whole.labels, largestFragment);
  whole.labels.close();
  const share = lineShare(space, smooth.labels, lines, sigmaPx, noise) ?? 0;
  for (const map of [maps.crest, maps.orientation, maps.smooth, network.mask]) map.close();
  return {
    labels: smooth.labels,
    nGrains: smooth.n,
    polarity,
    diagnostics: {
      noise,
      sigmaPx,
      boundaryToNoise: typical / ridgeNoise,
      nCut: partition.n,
      nIslands: whole.nIslands,
      lineShare: share,
    },
  };
}

function checkArguments({ width, height }: BandSpace, options: SegmentGrainsOptions): number {
  if (width < 32 || height < 32) {
    throw new ShapeError(`segmentGrains: needs at least 32 × 32 px, got ${width} × ${height}`);
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

/**
 * Refuses values that are not finite, and finds the smallest step between grey values present, 0 where there is one value.
 * Half of the step counts as noise, so that the contour lines of a smooth shading rounded to 8 bits are no boundaries.
 */
function checkPixels(space: BandSpace, grey: RowReader<Float32Array>): number {
  for (const rows of eachBand(space, grey)) {
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isFinite(rows[i])) {
        throw new DomainError("segmentGrains: the image holds NaN or infinite values; replace or crop them first");
      }
    }
  }
  const values = sampleRows(space, grey, 50_000).sort();
  let step = Infinity;
  for (let i = 1; i < values.length; i++) {
    const gap = values[i]! - values[i - 1]!; // i < length
    if (gap > 1e-6 && gap < step) step = gap;
  }
  return step === Infinity ? 0 : step;
}

/** Median grey of clear boundary lines and of the inside of the grains. */
function greyLevels(
  space: BandSpace,
  image: RowReader<Float32Array>,
  { crest, mask }: LineMaps,
  distance: RowReader<Float32Array>,
  typical: number,
): { readonly line: number; readonly grain: number } {
  const lines = new FloatHistogram();
  const grains = new FloatHistogram();
  const { width, height } = space;
  const stride = Math.max(1, Math.floor((width * height) / 100_000));
  for (const { from, to } of space.bands(0)) {
    const greys = image.read(from, to);
    const strength = crest.read(from, to);
    const isLine = mask.read(from, to);
    const away = distance.read(from, to);
    for (let i = 0; i < greys.length; i++) {
      // All of one length. Lines are few, grain pixels many.
      if (isLine[i] === 1 && strength[i]! >= typical) lines.add(greys[i]!);
      else if ((from * width + i) % stride === 0 && away[i]! >= 3) grains.add(greys[i]!);
    }
  }
  const grain = grains.median() ?? lines.median() ?? 0;
  return { line: lines.median() ?? grain, grain };
}

/**
 * Standard deviation of ridge strength assumed at least, as a share of the mean grey: clear boundaries below 1 % of it are
 * not believed (what flattening leaves of a smooth shading is about half of that).
 */
const LEAST_RIDGE = 0.002;

function noStructure(noise: number): DomainError {
  return new DomainError(
    `segmentGrains: found no boundary lines above the noise (standard deviation ${noise.toPrecision(2)} of full scale); the image is uniform or its boundaries are not visible: check focus, etching and that this is a micrograph`,
  );
}
