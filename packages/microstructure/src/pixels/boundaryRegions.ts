import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { blurBands } from "../bands/blurBands.ts";
import { floodBands } from "../bands/floodBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import { maximaBands } from "../bands/maximaBands.ts";
import { renumberRoots } from "../bands/renumberRoots.ts";
import { memoryStore, type RowReader, type RowStore } from "../bands/rowStore.ts";
import { borderStrength, collectBorders } from "../segment/collectBorders.ts";
import { joinCheapest } from "../segment/joinCheapest.ts";

export interface BoundaryRegionsOptions {
  /** Channel of the boundaries. @defaultValue the last */
  readonly boundaryClass?: number | undefined;
  /** Neighbours whose common boundary has a lower mean probability are joined, 0 … 1. @defaultValue 0.5 */
  readonly threshold?: number | undefined;
  /** Gaussian over the probabilities before regions are flooded, px. @defaultValue 1 */
  readonly smoothingPx?: number | undefined;
  /** Dips of the probability shallower than this start no region of their own, 0 … 1. @defaultValue 0.03 */
  readonly minDepth?: number | undefined;
}

const LEVELS = 4096;

/**
 * Closed regions from the probability that a pixel lies on a boundary: watershed of the smoothed probability from its minima, then
 * neighbours are joined, weakest boundary first, while the mean probability along their common boundary is below the threshold.
 *
 * @param probabilities - from `classifyPixels`
 * @returns 1 … n on every pixel; boundaries run between pixels
 * @throws DomainError for options out of range
 * @see F. Meyer, Signal Process. 38, 113 (1994), doi:10.1016/0165-1684(94)90060-4
 * @example
 * const grains = boundaryRegions(await classifyPixels(image, classifier), { threshold: 0.45 });
 */
export function boundaryRegions(probabilities: Raster<Float32Array>, options: BoundaryRegionsOptions = {}): LabelMap {
  const { width, height, channels, data, pixelSizeUm } = probabilities;
  const { boundaryClass = channels - 1, ...rules } = options;
  if (!(Number.isInteger(boundaryClass) && boundaryClass >= 0 && boundaryClass < channels)) {
    throw new DomainError(`boundaryRegions: boundaryClass must be 0 … ${channels - 1}, got ${boundaryClass}`);
  }
  const boundary = new Float32Array(width * height);
  for (let i = 0; i < boundary.length; i++) boundary[i] = data[i * channels + boundaryClass]!; // i < size
  const source = memoryStore("float32", width, height, boundary);
  const { labels } = boundaryRegionBands(bandSpace(width, height), source, rules);
  return { data: labels.read(0, height), width, height, channels: 1, pixelSizeUm };
}

export interface BoundaryRegionBands {
  /** 1 … n on every pixel. */
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
}

/**
 * `boundaryRegions` of an image that need not be in memory; the same labels whatever the bands.
 *
 * @param boundary - probability that a pixel lies on a boundary
 * @throws DomainError for options out of range
 * @example
 * const { labels, n } = boundaryRegionBands(space, probability);
 */
export function boundaryRegionBands(
  space: BandSpace,
  boundary: RowReader<Float32Array>,
  options: Omit<BoundaryRegionsOptions, "boundaryClass"> = {},
): BoundaryRegionBands {
  const { threshold = 0.5, smoothingPx = 1, minDepth = 0.03 } = options;
  for (const [name, value] of Object.entries({ threshold, minDepth })) {
    if (!(value >= 0 && value <= 1)) throw new DomainError(`boundaryRegions: ${name} must be 0 … 1, got ${value}`);
  }
  if (!(smoothingPx >= 0)) throw new DomainError(`boundaryRegions: smoothingPx must be at least 0, got ${smoothingPx}`);
  const smooth = smoothingPx > 0 ? space.store("float32") : undefined;
  if (smooth !== undefined) blurBands(space, boundary, smoothingPx, smooth);
  const ground = smooth ?? boundary;
  const inside = mapRows(ground, (rows) => rows.map((p) => 1.001 - p));
  const seeds = space.store("uint32");
  const nCut = maximaBands(space, inside, { hAbsolute: minDepth, hRelative: 0 }, seeds);
  const levels = mapRows(ground, (rows) =>
    Uint16Array.from(rows, (p) => Math.min(LEVELS - 1, Math.max(0, Math.floor(p * LEVELS)))),
  );
  const labels = space.store("uint32");
  floodBands(space, levels, LEVELS, seeds, labels);
  seeds.close();
  smooth?.close();
  return { labels, n: joinUnseen(space, labels, nCut, boundary, threshold) };
}

/** Joins regions over borders whose mean probability is below the threshold, the weakest first; returns how many are left. */
function joinUnseen(
  space: BandSpace,
  labels: RowStore<Uint32Array>,
  nLabels: number,
  boundary: RowReader<Float32Array>,
  threshold: number,
): number {
  const table = collectBorders(space, labels, boundary, END_PX);
  const parent = joinCheapest(table, nLabels, (e) => {
    const seen = borderStrength(table, e);
    return seen < threshold ? seen - 1 : Infinity;
  });
  return renumberRoots(space, labels, parent, labels);
}

/** Pixels at the ends of a border, near a third region, that do not count. */
const END_PX = 1;
