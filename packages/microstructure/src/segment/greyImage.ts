import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
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
  const { width, height, data } = image;
  requireGrey(caller, image);
  if (mask !== undefined) requireSameSize(caller, "mask", mask, image);
  const rows = memoryStore("float32", width, height, data);
  return rangeOfRows(caller, bandSpace(width, height), rows, mask && memoryStore("uint8", width, height, mask.data));
}

/** Checks that the values of an image are finite (where `mask` is not 0, if there is one), band by band. */
export function rangeOfRows(
  caller: string,
  space: BandSpace,
  image: RowReader<Uint8Array | Uint16Array | Float32Array>,
  mask?: RowReader<Uint8Array>,
): GreyRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let nBad = 0;
  const range = new Float64Array(2);
  for (const { from, to } of space.bands(0)) {
    const rows = image.read(from, to);
    const grey = rows instanceof Float32Array ? rows : Float32Array.from(rows);
    nBad += valueRange(grey.length, grey, mask?.read(from, to) ?? new Uint8Array(0), range);
    min = Math.min(min, range[0]!); // two long
    max = Math.max(max, range[1]!);
  }
  if (nBad > 0) {
    throw new DomainError(`${caller}: ${nBad} pixels are NaN or infinite; replace them or leave them out by a mask`);
  }
  if (min > max) throw new DomainError(`${caller}: mask is 0 everywhere; it must leave at least one pixel`);
  return { min, max };
}

/** Checks that an image has one channel and at least one pixel. */
export function requireGrey(caller: string, { width, height, channels, data }: Raster): void {
  if (channels === 1 && data.length > 0) return;
  throw new ShapeError(
    `${caller}: image must have one channel and at least one pixel, got ${width} × ${height} with ${channels}; reduce colour to grey first`,
  );
}

/** Checks that a second raster fits the first, one channel each. */
export function requireSameSize(caller: string, name: string, raster: Raster, image: Raster): void {
  if (raster.width !== image.width || raster.height !== image.height || raster.channels !== 1) {
    throw new ShapeError(
      `${caller}: ${name} must be ${image.width} × ${image.height} with one channel like the image, got ${raster.width} × ${raster.height} with ${raster.channels}`,
    );
  }
}
