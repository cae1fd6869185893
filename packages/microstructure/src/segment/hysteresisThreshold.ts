import { createRaster, DomainError, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { hysteresisBands } from "../bands/hysteresisBands.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { greyRange } from "./greyImage.ts";

/**
 * Mask of the pixels at or above `low` whose 8-connected region of such pixels holds one at or above `high`.
 *
 * @param image - one channel, finite
 * @throws DomainError if low > high, for NaN or infinite pixels; ShapeError for colour
 * @see J. Canny, IEEE Trans. PAMI 8, 679 (1986), doi:10.1109/TPAMI.1986.4767851
 * @example
 * const cracks = hysteresisThreshold(ridges, 0.1, 0.3);
 */
export function hysteresisThreshold(image: Raster<Float32Array>, low: number, high: number): Raster<Uint8Array> {
  greyRange("hysteresisThreshold", image);
  if (!(low <= high)) {
    throw new DomainError(`hysteresisThreshold: low must not exceed high, got low ${low} and high ${high}`);
  }
  const { width, height, data, pixelSizeUm } = image;
  const mask = new Uint8Array(data.length);
  const values = memoryStore("float32", width, height, data);
  hysteresisBands(bandSpace(width, height), values, low, high, memoryStore("uint8", width, height, mask));
  return createRaster(mask, width, height, { pixelSizeUm });
}
