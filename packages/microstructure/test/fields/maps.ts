import { createRaster, type Raster } from "@materiome/core";

/** A map whose phase is told pixel by pixel, from the column and the row. */
export function mapOf(width: number, height: number, phaseAt: (x: number, y: number) => number): Raster<Uint8Array> {
  const data = Uint8Array.from({ length: width * height }, (_, i) => phaseAt(i % width, Math.floor(i / width)));
  return createRaster(data, width, height);
}

/** Phase 1 in a disc in the middle of a square of phase 0. */
export function disc(side: number, radius: number): Raster<Uint8Array> {
  const middle = (side - 1) / 2;
  return mapOf(side, side, (x, y) => (Math.hypot(x - middle, y - middle) < radius ? 1 : 0));
}

export function fractionOf({ data }: Raster<Uint8Array>): number {
  return data.reduce((sum, label) => sum + label, 0) / data.length;
}

/** Turned by a quarter. */
export function turned({ data, width, height }: Raster<Uint8Array>): Raster<Uint8Array> {
  return mapOf(height, width, (x, y) => data[(height - 1 - x) * width + y]!);
}
