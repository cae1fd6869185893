import type { Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { clearBorderBands, removeSmallHoleBands, removeSmallObjectBands } from "./removeSmallBands.ts";

/**
 * Removes the connected objects of a mask that have fewer than `minAreaPx` pixels.
 *
 * @param mask - foreground not 0
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a negative area or a connectivity other than 4 and 8
 * @example
 * const clean = removeSmallObjects(mask, 20);
 */
export function removeSmallObjects(
  mask: Raster<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): Raster<Uint8Array> {
  return inMemory("removeSmallObjects", mask, (space, rows) => removeSmallObjectBands(space, rows, minAreaPx, options));
}

/**
 * Fills the holes of a mask that have fewer than `minAreaPx` pixels. Zeros that touch the border of the image are no hole.
 *
 * @param mask - foreground not 0
 * @param options - `connectivity` of the foreground: zeros are joined through 4 neighbours under 8 and through 8 under 4
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a negative area or a connectivity other than 4 and 8
 * @example
 * const solid = removeSmallHoles(mask, 20);
 */
export function removeSmallHoles(
  mask: Raster<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): Raster<Uint8Array> {
  return inMemory("removeSmallHoles", mask, (space, rows) => removeSmallHoleBands(space, rows, minAreaPx, options));
}

/**
 * Removes the connected objects of a mask that touch the border of the image: cut off, they have no measurable size.
 *
 * @param mask - foreground not 0
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a connectivity other than 4 and 8
 * @example
 * const whole = clearBorder(mask);
 */
export function clearBorder(mask: Raster<Uint8Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  return inMemory("clearBorder", mask, (space, rows) => clearBorderBands(space, rows, options));
}

function inMemory(
  caller: string,
  mask: Raster<Uint8Array>,
  inBands: (space: BandSpace, rows: RowReader<Uint8Array>) => RowReader<Uint8Array>,
): Raster<Uint8Array> {
  requireOneChannel(caller, mask);
  const { width, height, data } = mask;
  const found = inBands(bandSpace(width, height), memoryStore("uint8", width, height, data));
  return withData(mask, found.read(0, height));
}
