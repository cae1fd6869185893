import { DomainError, type Raster } from "@materiome/core";
import { reconstructGrey } from "../kernels/index.ts";
import { requireSameSize } from "./greyImage.ts";
import { type MorphologyData, requireOneChannel, withData } from "./morphologyFilter.ts";

export interface ReconstructOptions {
  /** Neighbours of a pixel, 4 or 8. @defaultValue 8 */
  readonly connectivity?: 4 | 8 | undefined;
}

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
  return grow("reconstructByDilation", marker, mask, 1, options);
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
  return grow("reconstructByErosion", marker, mask, -1, options);
}

function grow<T extends MorphologyData>(
  caller: string,
  marker: Raster<T>,
  mask: Raster<T>,
  sign: 1 | -1,
  options: ReconstructOptions,
): Raster<T> {
  requireOneChannel(caller, marker);
  requireOneChannel(caller, mask);
  requireSameSize(caller, "mask", mask, marker);
  const f = Float32Array.from(marker.data, (value) => sign * value);
  const g = Float32Array.from(mask.data, (value) => sign * value);
  for (let i = 0; i < f.length; i++) {
    if (f[i]! > g[i]!) {
      throw new DomainError(
        `${caller}: marker must ${sign > 0 ? "not exceed" : "not lie below"} mask; at pixel ${i} it is ${sign * f[i]!} and mask ${sign * g[i]!}`,
      );
    }
  }
  reconstructGrey(marker.width, marker.height, g, requireConnectivity(caller, options.connectivity ?? 8), f);
  if (sign < 0) for (let i = 0; i < f.length; i++) f[i] = -f[i]!; // i < length
  return withData(marker, (marker.data instanceof Float32Array ? f : Uint8Array.from(f)) as T);
}

/** 4 or 8, or an error that begins with the caller's name. */
export function requireConnectivity(caller: string, connectivity: number): 4 | 8 {
  if (connectivity === 4 || connectivity === 8) return connectivity;
  throw new DomainError(`${caller}: connectivity must be 4 or 8, got ${connectivity}`);
}
