import type { Raster } from "@materiome/core";
import type { Region } from "./featureWindow.ts";

/** A part of an image, copied. */
export function cropRaster(
  { data, width, channels, pixelSizeUm }: Raster<Float32Array>,
  region: Region,
): Raster<Float32Array> {
  const out = new Float32Array(region.width * region.height * channels);
  for (let y = 0; y < region.height; y++) {
    const from = ((region.y + y) * width + region.x) * channels;
    out.set(data.subarray(from, from + region.width * channels), y * region.width * channels);
  }
  return { data: out, width: region.width, height: region.height, channels, pixelSizeUm };
}
