import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";

/**
 * Refuses what no pipeline can take: several channels, sides below `minSide`, NaN or infinite values.
 *
 * @throws ShapeError, DomainError naming `caller`
 */
export function requireGrey(caller: string, grey: Raster<Float32Array>, minSide: number): void {
  requireOneChannel(caller, grey, minSide);
  const { width, height, data } = grey;
  requireGreyRows(caller, bandSpace(width, height), memoryStore("float32", width, height, data), minSide);
}

/** The shape alone. */
export function requireOneChannel(caller: string, grey: Raster<Float32Array>, minSide: number): void {
  const { width, height, channels } = grey;
  if (channels !== 1 || width < minSide || height < minSide) throw wrongShape(caller, width, height, channels, minSide);
}

/** The same of an image that need not be in memory. */
export function requireGreyRows(
  caller: string,
  space: BandSpace,
  grey: RowReader<Float32Array>,
  minSide: number,
): void {
  const { width, height } = space;
  if (width < minSide || height < minSide) throw wrongShape(caller, width, height, 1, minSide);
  if (grey.width !== width || grey.height !== height) {
    throw new ShapeError(
      `${caller}: the image must be ${width} × ${height} px like its space, got ${grey.width} × ${grey.height}`,
    );
  }
  for (const { from, to } of space.bands(0)) {
    const rows = grey.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isFinite(rows[i])) {
        throw new DomainError(`${caller}: the image holds NaN or infinite values; replace or crop them first`);
      }
    }
  }
}

function wrongShape(caller: string, width: number, height: number, channels: number, minSide: number): ShapeError {
  return new ShapeError(
    `${caller}: needs one channel and at least ${minSide} × ${minSide} px, got ${width} × ${height} with ${channels} channels`,
  );
}
