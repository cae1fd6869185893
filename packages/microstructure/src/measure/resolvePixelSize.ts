import { DomainError, type Raster } from "@materiome/core";

/** Pixel size asked for, or that of the raster; undefined where neither is known. Refuses two that differ. */
export function resolvePixelSize(caller: string, raster: Raster, pixelSizeUm: number | undefined): number | undefined {
  if (pixelSizeUm !== undefined && !(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) {
    throw new DomainError(`${caller}: pixelSizeUm must be positive (µm), got ${pixelSizeUm}`);
  }
  const own = raster.pixelSizeUm;
  if (pixelSizeUm !== undefined && own !== undefined && Math.abs(pixelSizeUm / own - 1) > 1e-9) {
    throw new DomainError(
      `${caller}: pixelSizeUm is ${pixelSizeUm}, but the map itself says ${own} µm; drop one of the two`,
    );
  }
  return pixelSizeUm ?? own;
}
