import type { Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { requireSameSize } from "./greyImage.ts";
import { type MorphologyData, requireOneChannel, withData } from "./morphologyFilter.ts";
import {
  type ReconstructOptions,
  reconstructByDilationBands,
  reconstructByErosionBands,
} from "./reconstructByDilationBands.ts";

/**
 * Reconstruction by dilation: grows `marker` under `mask` until nothing changes, lim (δ(·) ∧ mask)ⁿ. On masks: the regions
 * of `mask` that the marker touches.
 *
 * @param marker - at most `mask` in every pixel
 * @param mask - the ceiling, same size
 * @returns raster of the marker's kind, size and calibration
 * @throws DomainError where the marker exceeds the mask, or for NaN; ShapeError for different sizes or more than one channel
 * @see L. Vincent, IEEE Trans. Image Process. 2, 176 (1993), doi:10.1109/83.217222
 * @example
 * const whole = reconstructByDilation(erode(mask, { shape: "disk", radiusPx: 4 }), mask);
 */
export function reconstructByDilation<T extends MorphologyData>(
  marker: Raster<T>,
  mask: Raster<T>,
  options: ReconstructOptions = {},
): Raster<T> {
  return grow("reconstructByDilation", marker, mask, reconstructByDilationBands, options);
}

/**
 * Reconstruction by erosion: lowers `marker` onto `mask` until nothing changes, lim (ε(·) ∨ mask)ⁿ; fills basins that the
 * marker does not reach.
 *
 * @param marker - at least `mask` in every pixel
 * @param mask - the floor, same size
 * @returns raster of the marker's kind, size and calibration
 * @throws DomainError where the marker lies below the mask, or for NaN; ShapeError for different sizes or channels
 * @see L. Vincent, IEEE Trans. Image Process. 2, 176 (1993), doi:10.1109/83.217222
 * @example
 * const filled = reconstructByErosion(marker, image);
 */
export function reconstructByErosion<T extends MorphologyData>(
  marker: Raster<T>,
  mask: Raster<T>,
  options: ReconstructOptions = {},
): Raster<T> {
  return grow("reconstructByErosion", marker, mask, reconstructByErosionBands, options);
}

function grow<T extends MorphologyData>(
  caller: string,
  marker: Raster<T>,
  mask: Raster<T>,
  byBands: typeof reconstructByDilationBands,
  options: ReconstructOptions,
): Raster<T> {
  requireOneChannel(caller, marker);
  requireOneChannel(caller, mask);
  requireSameSize(caller, "mask", mask, marker);
  const { width, height } = marker;
  const rowsOf = ({ data }: Raster<T>): RowReader<Float32Array> =>
    memoryStore("float32", width, height, data instanceof Float32Array ? data : Float32Array.from(data));
  const grown = byBands(bandSpace(width, height), rowsOf(marker), rowsOf(mask), options).read(0, height);
  return withData(marker, (marker.data instanceof Float32Array ? grown : Uint8Array.from(grown)) as T);
}
