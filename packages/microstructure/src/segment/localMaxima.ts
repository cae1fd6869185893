import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { requireGrey } from "./greyImage.ts";
import { type LocalMaximaOptions, localMaximaBands } from "./localMaximaBands.ts";

export interface LocalMaxima {
  /** 1 … n on single pixels, by falling height; of equal heights in raster order. */
  readonly markers: LabelMap;
  readonly n: number;
}

/**
 * Peaks of an image that keep a distance from each other: pixels that no pixel within the distance exceeds, taken by falling
 * height, without those too near to one taken before. Unlike {@link hMaxima} it does not ask how deep the saddles are.
 *
 * @param image - one channel, finite
 * @returns seeds for `markerWatershed`
 * @throws DomainError for NaN or infinite pixels or a distance that is no whole number of at least 1; ShapeError for colour
 * @example
 * const { markers, n } = localMaxima(distance, { minDistancePx: 7, threshold: 0 });
 */
export function localMaxima(image: Raster<Float32Array>, options: LocalMaximaOptions = {}): LocalMaxima {
  requireGrey("localMaxima", image);
  const { width, height, data, pixelSizeUm } = image;
  const { markers, n } = localMaximaBands(
    bandSpace(width, height),
    memoryStore("float32", width, height, data),
    options,
  );
  return { markers: createRaster(markers.read(0, height), width, height, { pixelSizeUm }), n };
}
