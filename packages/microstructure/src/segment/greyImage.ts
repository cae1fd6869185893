import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { valueRange } from "../kernels/index.ts";

/** Smallest and largest grey of an image. */
export interface GreyRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Checks that an image has one channel, at least one pixel and finite values (where `mask` is not 0, if there is one).
 *
 * @param caller - name that the messages begin with
 */
export function greyRange(caller: string, image: Raster<Float32Array>, mask?: Raster<Uint8Array>): GreyRange {
  const { width, height, channels, data } = image;
  if (channels !== 1 || data.length === 0) {
    throw new ShapeError(
      `${caller}: image must have one channel and at least one pixel, got ${width} × ${height} with ${channels}; reduce colour to grey first`,
    );
  }
  if (mask !== undefined) requireSameSize(caller, "mask", mask, image);
  const range = new Float64Array(2);
  const nBad = valueRange(data.length, data, mask?.data ?? new Uint8Array(0), range);
  if (nBad > 0) {
    throw new DomainError(`${caller}: ${nBad} pixels are NaN or infinite; replace them or leave them out by a mask`);
  }
  const [min, max] = range as unknown as [number, number];
  if (min > max) throw new DomainError(`${caller}: mask is 0 everywhere; it must leave at least one pixel`);
  return { min, max };
}

/** Checks that a second raster fits the first, one channel each. */
export function requireSameSize(caller: string, name: string, raster: Raster, image: Raster): void {
  if (raster.width !== image.width || raster.height !== image.height || raster.channels !== 1) {
    throw new ShapeError(
      `${caller}: ${name} must be ${image.width} × ${image.height} with one channel like the image, got ${raster.width} × ${raster.height} with ${raster.channels}`,
    );
  }
}
