import { DomainError, type Raster, ShapeError } from "@materiome/core";

/**
 * Refuses what no pipeline can take: several channels, sides below `minSide`, NaN or infinite values.
 *
 * @throws ShapeError, DomainError naming `caller`
 */
export function requireGrey(caller: string, grey: Raster<Float32Array>, minSide: number): void {
  const { width, height, channels, data } = grey;
  if (channels !== 1 || width < minSide || height < minSide) {
    throw new ShapeError(
      `${caller}: needs one channel and at least ${minSide} × ${minSide} px, got ${width} × ${height} with ${channels} channels`,
    );
  }
  if (data.some((value) => !Number.isFinite(value))) {
    throw new DomainError(`${caller}: the image holds NaN or infinite values; replace or crop them first`);
  }
}
