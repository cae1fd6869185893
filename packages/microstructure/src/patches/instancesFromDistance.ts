import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";
import { connectedRegions } from "../regions/connectedRegions.ts";
import { markerWatershed } from "../segment/markerWatershed.ts";
import { hMaxima } from "../segment/regionalMaxima.ts";

export interface InstancesFromDistanceOptions {
  /** Pixels that belong to regions, not 0, such as a predicted class. @defaultValue all, as of grains */
  readonly foreground?: Raster<Uint8Array> | undefined;
  /** Predicted probability of a boundary: regions then meet where it is highest. @defaultValue they meet where the distance is lowest */
  readonly boundary?: Raster<Float32Array> | undefined;
  /** How far the distance must fall between the peaks of two regions. @defaultValue 0.15 */
  readonly depth?: number | undefined;
  /** Smoothing of the predicted distance beforehand, deviation, px. @defaultValue 1 */
  readonly smoothPx?: number | undefined;
  /** Leave a line of 0 where regions meet. @defaultValue false */
  readonly hasLines?: boolean | undefined;
}

/**
 * Regions from a predicted distance map (`distanceTarget`): each peak that stands out by `depth` is the seed of a region, which grows by
 * watershed over the foreground. Parts of the foreground without such a peak are 0. Where only boundaries were learned, use `boundaryRegions`
 * of `/pixels`.
 *
 * @param distance - one channel, finite, about 0 … 1
 * @returns regions 1 … n, 0 elsewhere
 * @throws ShapeError for different sizes or more than one channel; DomainError for values that are not finite or options out of range
 * @example
 * const grains = instancesFromDistance(predictedDistance, { depth: 0.2 });
 */
export function instancesFromDistance(
  distance: Raster<Float32Array>,
  options: InstancesFromDistanceOptions = {},
): LabelMap {
  const who = "instancesFromDistance";
  const { depth = 0.15, smoothPx = 1, boundary, hasLines = false } = options;
  const { width, height, pixelSizeUm } = distance;
  for (const [name, other] of Object.entries({ distance, foreground: options.foreground, boundary })) {
    if (other === undefined || (other.width === width && other.height === height && other.channels === 1)) continue;
    throw new ShapeError(
      `${who}: ${name} is ${other.width} × ${other.height} with ${other.channels} channels, expected ${width} × ${height} with one`,
    );
  }
  if (!(depth > 0 && depth <= 1)) throw new DomainError(`${who}: depth must lie in 0 … 1, above 0, got ${depth}`);
  if (!(smoothPx >= 0 && smoothPx <= 100))
    throw new DomainError(`${who}: smoothPx must lie in 0 … 100, got ${smoothPx}`);
  const at = distance.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new DomainError(
      `${who}: distance is ${distance.data[at]} at pixel (${at % width}, ${Math.floor(at / width)}); expected finite values`,
    );
  }
  const mask = options.foreground ?? createRaster(new Uint8Array(distance.data.length).fill(1), width, height);
  const smooth = new Float32Array(distance.data);
  if (smoothPx > 0) gaussianBlur(width, height, smooth, smoothPx, new Float32Array(smooth.length), smooth);
  for (let i = 0; i < smooth.length; i++) if (mask.data[i] === 0) smooth[i] = Math.min(0, smooth[i]!); // one size
  const peaks = hMaxima(createRaster(smooth, width, height), depth);
  // The highest peak counts even where nothing falls off around it: of an empty foreground none is left.
  for (let i = 0; i < peaks.data.length; i++) if (mask.data[i] === 0) peaks.data[i] = 0; // as above; peaks are this function's own
  const { labels: markers, nRegions } = connectedRegions(peaks, { connectivity: 8 });
  if (nRegions === 0) return createRaster(new Uint32Array(width * height), width, height, { pixelSizeUm });
  const relief =
    boundary ??
    createRaster(
      Float32Array.from(smooth, (value) => -value),
      width,
      height,
    );
  const labels = markerWatershed(relief, markers, { mask, line: hasLines });
  return { ...labels, pixelSizeUm };
}
