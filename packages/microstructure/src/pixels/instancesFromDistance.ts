import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { blurBands } from "../bands/blurBands.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { hMaximaBands } from "../segment/hMaximaBands.ts";
import { markerWatershedBands } from "../segment/markerWatershedBands.ts";

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
  const rows = <T extends Raster["data"]>(image: Raster<T> | undefined): RowReader<T> | undefined =>
    image && wholeImage(image);
  const { labels } = instanceBands(bandSpace(width, height), wholeImage(distance), {
    ...{ depth, smoothPx, hasLines, foreground: rows(options.foreground), boundary: rows(boundary) },
  });
  return createRaster(labels.read(0, height), width, height, { pixelSizeUm });
}

export interface InstanceBandsOptions {
  readonly foreground?: RowReader<Uint8Array> | undefined;
  readonly boundary?: RowReader<Float32Array> | undefined;
  readonly depth: number;
  readonly smoothPx: number;
  readonly hasLines?: boolean | undefined;
}

/** `instancesFromDistance` of an image that need not be in memory, its options checked; the same labels whatever the bands. */
export function instanceBands(
  space: BandSpace,
  distance: RowReader<Float32Array>,
  options: InstanceBandsOptions,
): { readonly labels: RowStore<Uint32Array>; readonly n: number } {
  const { foreground, boundary, depth, smoothPx, hasLines = false } = options;
  const blurred = space.store("float32");
  if (smoothPx > 0) blurBands(space, distance, smoothPx, blurred);
  else for (const { from, to } of space.bands(0)) blurred.write(from, distance.read(from, to).slice());
  /** Values of the background replaced. */
  const inside = <T extends Float32Array | Uint8Array>(
    from: number,
    rows: T,
    outside: (value: number) => number,
  ): T => {
    const mask = foreground?.read(from, from + rows.length / space.width);
    if (mask !== undefined) for (let i = 0; i < rows.length; i++) if (mask[i] === 0) rows[i] = outside(rows[i]!); // one size
    return rows;
  };
  for (const { from, to } of space.bands(0)) {
    blurred.write(
      from,
      inside(from, blurred.read(from, to), (value) => Math.min(0, value)),
    );
  }
  const peaks = hMaximaBands(space, blurred, depth);
  // The highest peak counts even where nothing falls off around it: of an empty foreground none is left.
  for (const { from, to } of space.bands(0)) {
    peaks.write(
      from,
      inside(from, peaks.read(from, to), () => 0),
    );
  }
  const markers = space.store("uint32");
  const { n, regionOf } = labelBands(space, peaks, 8, markers);
  peaks.close();
  if (n === 0) {
    blurred.close();
    return { labels: markers, n };
  }
  renumberBands(space, markers, regionOf);
  const relief = boundary ?? mapRows(blurred, (rows) => rows.map((value) => -value));
  const labels = markerWatershedBands(space, relief, markers, { mask: foreground, line: hasLines });
  markers.close();
  blurred.close();
  return { labels, n };
}

/** An image in memory, in one band. */
function wholeImage<T extends Raster["data"]>({ width, height, data }: Raster<T>): RowReader<T> {
  return { width, height, read: () => data };
}
