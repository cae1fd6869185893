import { DataError, DomainError, type Raster, ShapeError } from "@materiome/core";

/** Code of pixels of which nothing is known, in every patch. */
export const IGNORED_CODE = 255;

/** An image with the class of every pixel: a whole picture, or a piece of one to train on. */
export interface Patch {
  /** Grey or colour, 0 … 1. */
  readonly image: Raster<Float32Array>;
  /** Class of each pixel, from 0; 255 where it is unknown and nothing is to be learned. */
  readonly codes: Raster<Uint8Array>;
  /** Further targets, one channel each, such as a distance map. Interpolated when the patch is bent; never re-lit. */
  readonly values?: Raster<Float32Array> | undefined;
}

/** @throws as the functions that take patches say */
export function checkPatch(who: string, { image, codes, values }: Patch): void {
  const { width, height } = image;
  for (const [what, raster] of [["codes", codes] as const, ["values", values] as const]) {
    if (raster === undefined) continue;
    const isSameSize = raster.width === width && raster.height === height;
    if (isSameSize && (what === "values" || raster.channels === 1)) continue;
    throw new ShapeError(
      `${who}: ${what} are ${raster.width} × ${raster.height} with ${raster.channels} channels, the image is ${width} × ${height}; give what belongs to this image${what === "codes" ? ", one channel" : ""}`,
    );
  }
  if (width * height === 0) throw new ShapeError(`${who}: the image is empty`);
  requireUnitRange(who, image);
  if (values === undefined) return;
  const at = values.data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const pixel = Math.floor(at / values.channels);
  throw new DataError(
    `${who}: value ${values.data[at]} at pixel (${pixel % width}, ${Math.floor(pixel / width)}) is not finite; give 0 there and the code ${IGNORED_CODE}, so that it is not learned`,
  );
}

/** @throws DomainError naming the first pixel outside 0 … 1 (rounding of interpolation excepted) */
export function requireUnitRange(who: string, { data, width, channels }: Raster<Float32Array>): void {
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!; // i < length
    if (value >= -1e-6 && value <= 1 + 1e-6) continue;
    const pixel = Math.floor(i / channels);
    throw new DomainError(
      `${who}: pixel (${pixel % width}, ${Math.floor(pixel / width)}) is ${value}, expected grey values 0 … 1; divide by the white of the file, as readMicrograph does`,
    );
  }
}
