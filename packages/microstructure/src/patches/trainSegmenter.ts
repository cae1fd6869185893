import { createRaster, type LabelMap, type RunContext, type Segmenter, type SegmenterLearner } from "@materiome/core";
import { cropRaster } from "../pixels/cropRaster.ts";
import type { Region } from "../pixels/featureWindow.ts";
import { labelPixels } from "../pixels/labelPixels.ts";
import { createTrainedSegmenter, type TrainedSegmenter } from "../pixels/trainedSegmenter.ts";
import type { TrainingImage } from "../pixels/trainPixelClassifier.ts";
import { fitSegmenter, type TrainSegmenterOptions } from "./fitSegmenter.ts";
import type { ImageSplit } from "./splitImages.ts";

/** What the net says of an image, or the part of it, that it did not learn from. */
export interface HeldOutLabels {
  /** Index of the image. */
  readonly image: number;
  readonly region: Region;
  /** "validation" chose the epoch, so that its scores are a little too good; "test" was not looked at. */
  readonly role: "validation" | "test";
  /** Most probable class of each pixel of the region, from 1. */
  readonly labels: LabelMap;
}

export interface SegmenterTraining<S extends Segmenter> {
  readonly classifier: TrainedSegmenter;
  /** The net inside, with what its learner tells of it. */
  readonly segmenter: S;
  readonly split: ImageSplit;
  /** Labelled pixels of each class: of all images, and of the parts learned from. */
  readonly nLabelled: readonly number[];
  readonly nTraining: readonly number[];
  readonly heldOut: readonly HeldOutLabels[];
}

/**
 * Trains a net on labelled images: patches, augmented, rare classes more often, go to the learner, other images choose the epoch, and yet others
 * are left to be scored. What is not labelled (0) teaches nothing.
 *
 * With three or more groups of images whole groups are held out. With fewer, a quarter of each image chooses the epoch; patches are cut from
 * the rest alone, and nothing is left that could tell how well another image would be segmented.
 *
 * @param images - all grey or all coloured, of any sizes
 * @param learner - for instance `createUNetSegmenter()` of @materiome/forward/nets
 * @throws DataError and ShapeError as `trainPixelClassifier`; DataError where a class is labelled only in what is held out, or an image to hold
 *   out is not there; DomainError for options out of range
 * @example
 * const { classifier, heldOut } = await trainSegmenter(images, createUNetSegmenter({ epochs: 40 }), {
 *   classes: ["matrix", "precipitate"],
 * }, { random: createRandom(1), threads: 2 });
 */
export async function trainSegmenter<S extends Segmenter>(
  images: readonly TrainingImage[],
  learner: SegmenterLearner<S>,
  options: TrainSegmenterOptions,
  run: RunContext,
): Promise<SegmenterTraining<S>> {
  const { segmenter, settings, split, nLabelled, nTraining } = await fitSegmenter(images, learner, options, run);
  const classifier = createTrainedSegmenter(segmenter, settings);
  const heldOut: HeldOutLabels[] = [];
  for (const role of ["validation", "test"] as const) {
    for (const { image, region } of split[role]) {
      const { image: picture } = images[image] as TrainingImage; // an index of images
      const probabilities = await classifier.classify(picture, 256, run);
      heldOut.push({ image, region, role, labels: labelPixels(cropRaster(probabilities, region)) });
    }
  }
  return { classifier, segmenter, split, nLabelled, nTraining, heldOut };
}

/** A part of a label map. */
export function cropLabels(labels: LabelMap, { x, y, width, height }: Region): LabelMap {
  const out = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * labels.width + x;
    out.set(labels.data.subarray(from, from + width), row * width);
  }
  return createRaster(out, width, height, { pixelSizeUm: labels.pixelSizeUm });
}
