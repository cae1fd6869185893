import { DomainError, type Raster, ShapeError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";
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
  refuseBad(caller, valueRange(data.length, data, mask?.data ?? NO_MASK, range));
  const [min, max] = range as unknown as [number, number];
  if (min > max) throw new DomainError(`${caller}: mask is 0 everywhere; it must leave at least one pixel`);
  return { min, max };
}

/** The smallest and the largest value of rows that need not be in memory, which must all be finite. */
export function rangeOfRows(caller: string, space: BandSpace, values: RowReader<Float32Array>): GreyRange {
  const range = new Float64Array(2);
  let min = Infinity;
  let max = -Infinity;
  let nBad = 0;
  for (const rows of eachBand(space, values)) {
    nBad += valueRange(rows.length, rows, NO_MASK, range);
    min = Math.min(min, range[0]!); // two values
    max = Math.max(max, range[1]!);
  }
  refuseBad(caller, nBad);
  return { min, max };
}

const NO_MASK = new Uint8Array(0);

function refuseBad(caller: string, nBad: number): void {
  if (nBad === 0) return;
  throw new DomainError(`${caller}: ${nBad} pixels are NaN or infinite; replace them or leave them out by a mask`);
}

/** Checks that a second raster fits the first, one channel each. */
export function requireSameSize(caller: string, name: string, raster: Raster, image: Raster): void {
  if (raster.width !== image.width || raster.height !== image.height || raster.channels !== 1) {
    throw new ShapeError(
      `${caller}: ${name} must be ${image.width} × ${image.height} with one channel like the image, got ${raster.width} × ${raster.height} with ${raster.channels}`,
    );
  }
}
