import type { Raster } from "@materiome/core";
import { channelPlanes, type GreyStatistics, greyStatistics } from "./channelPlanes.ts";

/**
 * Mean and standard deviation of the grey of an image (of CIELAB lightness over 50 where it is coloured), which
 * `PixelClassifier.forStatistics` takes when an image is worked on tile by tile.
 *
 * @example
 * const segmenter = classifier.forStatistics(imageStatistics(overview));
 */
export function imageStatistics(image: Raster<Float32Array>): GreyStatistics {
  return greyStatistics(channelPlanes(image));
}
