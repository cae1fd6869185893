import { createRaster, IncompatibleError, type LabelMap, type Raster } from "@materiome/core";
import { pickChannels } from "./channelPlanes.ts";
import { type ClassifyPixelsOptions, classifyPixels } from "./classifyPixels.ts";
import { INSTANCE_SMOOTH_PX, type InstanceRule } from "./instanceRule.ts";
import { instancesFromDistance } from "./instancesFromDistance.ts";
import { labelPixels } from "./labelPixels.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";

export interface ClassifiedInstances {
  /** Regions 1 … n; 0 the matrix around particles. */
  readonly regions: LabelMap;
  /** As `classifyPixels` gives them. */
  readonly probabilities: Raster<Float32Array>;
  /** Distance to the border of the region, about 0 … 1 in its middle. */
  readonly distance: Raster<Float32Array>;
}

/**
 * Regions with a number each by a model that was trained to tell them apart (`trainInstances`): class and distance of every pixel, then a seed at
 * each peak of the distance and a watershed (`instancesFromDistance`).
 *
 * @throws IncompatibleError for a model of classes alone, and as `classifyPixels`
 * @throws DataError for pixels that are not finite
 * @example
 * const { regions } = await classifyInstances(grey, classifier, { threads: 2 });
 */
export async function classifyInstances(
  image: Raster<Float32Array>,
  classifier: MicrographSegmenter,
  options: ClassifyPixelsOptions = {},
): Promise<ClassifiedInstances> {
  const { instances } = classifier;
  if (instances === undefined) {
    throw new IncompatibleError(
      `classifyInstances: the model tells classes (${classifier.classes.join(", ")}), not regions; use classifyPixels, or train it with trainInstances`,
    );
  }
  return instancesOf(await classifyPixels(image, instances.outputs, options), instances);
}

/** Regions from probabilities and, in the last channel, distance. */
export function instancesOf(outputs: Raster<Float32Array>, rule: InstanceRule): ClassifiedInstances {
  const last = outputs.channels - 1;
  const probabilities = firstChannels(outputs, last);
  const distance = pickChannels(outputs, [last]);
  const { width, height } = outputs;
  const options =
    rule.kind === "grains"
      ? { boundary: pickChannels(outputs, [1]) }
      : {
          foreground: createRaster(
            Uint8Array.from(labelPixels(probabilities).data, (label) => (label > 1 ? 1 : 0)),
            width,
            height,
          ),
        };
  const regions = instancesFromDistance(distance, { ...options, depth: rule.depth, smoothPx: INSTANCE_SMOOTH_PX });
  return { regions, probabilities, distance };
}

export function firstChannels(image: Raster<Float32Array>, n: number): Raster<Float32Array> {
  return pickChannels(
    image,
    Array.from({ length: n }, (_, c) => c),
  );
}
