import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { compactWatershed, markerWatershed as floodLevels } from "../kernels/index.ts";
import { greyRange, requireSameSize } from "./greyImage.ts";
import { requireConnectivity } from "./reconstructByDilation.ts";

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
 * Watershed from markers: floods the relief from the markers, lowest pixel first, first come first served among equals; where
 * floods meet regions end. Deterministic; parts of the mask that do not touch do not influence each other.
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
  const caller = "markerWatershed";
  const { width, height, data, pixelSizeUm } = image;
  const grey = data instanceof Float32Array ? data : undefined;
  const relief = { ...image, data: grey ?? Float32Array.from(data) };
  const { min, max } = greyRange(caller, relief, options.mask);
  requireSameSize(caller, "markers", markers, image);
  const connectivity = requireConnectivity(caller, options.connectivity ?? 4);
  const compactness = options.compactness ?? 0;
  if (!(compactness >= 0 && compactness < Infinity)) {
    throw new DomainError(`${caller}: compactness must be at least 0, got ${compactness}`);
  }
  const mask = options.mask?.data ?? new Uint8Array(0);
  const labels = markers.data.slice();
  let hasMarker = false;
  for (let i = 0; i < labels.length && !hasMarker; i++) hasMarker = labels[i] !== 0 && mask[i] !== 0;
  if (!hasMarker) {
    throw new DomainError(`${caller}: no marker lies inside the mask; nothing can be flooded`);
  }
  if (compactness > 0 || options.line === true) {
    compactWatershed(width, height, relief.data, mask, connectivity, compactness, options.line === true, labels);
  } else {
    const levels = grey === undefined ? Uint16Array.from(data) : quantised(grey, min, max);
    floodLevels(width, height, levels, mask, connectivity, labels);
  }
  return createRaster(labels, width, height, { pixelSizeUm });
}

const LEVELS = 65_536;

function quantised(grey: Float32Array, min: number, max: number): Uint16Array {
  const scale = max > min ? (LEVELS - 1) / (max - min) : 0;
  const levels = new Uint16Array(grey.length);
  for (let i = 0; i < grey.length; i++) levels[i] = (grey[i]! - min) * scale; // i < length; masked pixels do not count
  return levels;
}
