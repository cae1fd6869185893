import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { requireGrey, requireSameSize } from "./greyImage.ts";
import { markerWatershedBands } from "./markerWatershedBands.ts";

export interface MarkerWatershedOptions {
  /** Only pixels where it is not 0 are flooded. @defaultValue everywhere */
  readonly mask?: Raster<Uint8Array> | undefined;
  /** Neighbours of a pixel, 4 or 8. @defaultValue 4 */
  readonly connectivity?: 4 | 8 | undefined;
  /**
   * Weight of the distance from the marker, in grey per px: 0 follows the relief alone, large values give cells of equal
   * size (compact watershed). @defaultValue 0
   */
  readonly compactness?: number | undefined;
  /** Leave a line of 0, one pixel wide, where regions meet. @defaultValue false */
  readonly line?: boolean | undefined;
}

/**
 * Watershed from markers: floods the relief from the markers, lowest pixel first; where floods meet regions end. Plateaus are
 * shared by steps from where the floods come onto them (basins below them that two floods enter at once likewise), and what
 * is equal in all goes to the flood whose pixel comes first in raster order. Deterministic; parts of the mask that do not touch do
 * not influence each other. `markerWatershedBands` of `/mosaic` gives the same labels for images that do not fit in memory.
 *
 * Without line and compactness a grey image is flooded in 65 535 steps over its range inside the mask, in linear time; 8- and
 * 16-bit images as they are. With either, grey as it is, by a heap.
 *
 * @param image - relief, one channel, finite where flooded: e.g. the negated distance transform, or a gradient
 * @param markers - 0 where the flood shall decide, other numbers keep theirs; same size
 * @returns regions with the markers' labels; 0 outside the mask, on lines, and in parts of the mask without a marker
 * @throws DomainError without any marker in the mask, for NaN or infinite pixels or bad options
 * @throws ShapeError for different sizes or more than one channel
 * @see F. Meyer, Signal Process. 38, 113 (1994), doi:10.1016/0165-1684(94)90060-4
 * @see compact: P. Neubert, P. Protzel, Proc. ICPR 2014, 996, doi:10.1109/ICPR.2014.181
 * @example
 * const particles = markerWatershed(negatedDistance, markers, { mask });
 */
export function markerWatershed(
  image: Raster<Uint8Array | Uint16Array | Float32Array>,
  markers: LabelMap,
  options: MarkerWatershedOptions = {},
): LabelMap {
  const { width, height, pixelSizeUm } = image;
  requireGrey("markerWatershed", image);
  const { mask } = options;
  requireSameSize("markerWatershed", "markers", markers, image);
  if (mask !== undefined) requireSameSize("markerWatershed", "mask", mask, image);
  const labels = markerWatershedBands(bandSpace(width, height), wholeRows(image), wholeRows(markers), {
    ...options,
    mask: mask && wholeRows(mask),
  });
  return createRaster(labels.read(0, height), width, height, { pixelSizeUm });
}

/** An image in memory as rows that are read all at once. */
function wholeRows<T extends Raster["data"]>({ width, height, data }: Raster<T>): RowReader<T> {
  return { width, height, read: () => data };
}
