import type { Raster, Segmenter } from "@materiome/core";
import type { ChannelKind, GreyStatistics } from "./channelPlanes.ts";
import type { InstanceOutputs } from "./instanceRule.ts";
import type { RunOptions } from "./predictImage.ts";

/**
 * A segmenter with all that is needed to classify the pixels of micrographs from anywhere: what images it takes, at which scale, and how their
 * grey is prepared. Immutable; `readMicrographSegmenter` reads every kind.
 */
export interface MicrographSegmenter extends Segmenter {
  readonly channels: ChannelKind;
  /** Edge of a pixel of the training images, µm; undefined where they had none. */
  readonly pixelSizeUm: number | undefined;
  /** "image": the grey of each image is brought to mean 0 and deviation 1 before all else. */
  readonly normalise: "none" | "image";
  /** Of a model that tells regions of a class apart: how. @defaultValue it tells classes alone */
  readonly instances?: InstanceOutputs | undefined;
  /**
   * The same classifier for the tiles of one image, whose grey statistics it uses in place of each tile's own. Needed for
   * `segmentTile` when `normalise` is "image".
   */
  forStatistics(statistics: GreyStatistics): MicrographSegmenter;
  /** Class probabilities of a whole image that fits in memory; `classifyPixels` checks its arguments and calls this. */
  classify(image: Raster<Float32Array>, tilePx: number, run: RunOptions): Promise<Raster<Float32Array>>;
}
