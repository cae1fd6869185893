import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { gaussianBlur, hMaxima, watershed } from "../kernels/index.ts";
import { borderStrength, boundaryGraph } from "../segment/boundaryGraph.ts";
import { joinWeakest } from "../segment/joinWeakest.ts";

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
  const { boundaryClass = channels - 1, threshold = 0.5, smoothingPx = 1, minDepth = 0.03 } = options;
  if (!(Number.isInteger(boundaryClass) && boundaryClass >= 0 && boundaryClass < channels)) {
    throw new DomainError(`boundaryRegions: boundaryClass must be 0 … ${channels - 1}, got ${boundaryClass}`);
  }
  for (const [name, value] of Object.entries({ threshold, minDepth })) {
    if (!(value >= 0 && value <= 1)) throw new DomainError(`boundaryRegions: ${name} must be 0 … 1, got ${value}`);
  }
  if (!(smoothingPx >= 0)) throw new DomainError(`boundaryRegions: smoothingPx must be at least 0, got ${smoothingPx}`);
  const size = width * height;
  const boundary = new Float32Array(size);
  for (let i = 0; i < size; i++) boundary[i] = data[i * channels + boundaryClass]!; // i < size, here and below
  const smooth = boundary.slice();
  if (smoothingPx > 0) gaussianBlur(width, height, boundary, smoothingPx, new Float32Array(size), smooth);
  const inside = smooth.map((p) => 1.001 - p);
  const levels = new Uint16Array(size);
  for (let i = 0; i < size; i++) levels[i] = Math.min(LEVELS - 1, Math.max(0, Math.floor(smooth[i]! * LEVELS)));
  const labels = new Uint32Array(size);
  const n = hMaxima(width, height, inside, minDepth, 0, labels);
  watershed(width, height, levels, LEVELS, labels);
  const weakness = (seen: number): number => (seen < threshold ? 1 - seen : 0);
  const graph = boundaryGraph(width, height, labels, n, boundary, 1);
  joinWeakest(
    labels,
    graph,
    (_a, _b, border) => weakness(borderStrength(border)),
    () => undefined,
  );
  return { data: labels, width, height, channels: 1, pixelSizeUm };
}
