import {
  DomainError,
  type Random,
  type Raster,
  type RunContext,
  type Segmenter,
  type SegmenterLearner,
} from "@materiome/core";
import type { TrainingImage } from "../pixels/trainPixelClassifier.ts";
import { type DrawMicrographOptions, drawMicrograph } from "../synthesis/drawMicrograph.ts";
import type { Augmentation } from "./augmentation.ts";
import { regionClasses } from "./regionClasses.ts";
import { type SegmenterTraining, trainSegmenter } from "./trainSegmenter.ts";

export interface PretrainOnDrawnOptions extends DrawMicrographOptions {
  /** How many pictures; a fifth chooses the epoch, a fifth is only scored. @defaultValue 100 */
  readonly nImages?: number | undefined;
  /** As in the training that is to follow (`TrainSegmenterOptions`). @defaultValue "image" */
  readonly normalise?: "none" | "image" | undefined;
  /** @defaultValue 64 */
  readonly patchPx?: number | undefined;
  /** Patches in a batch. @defaultValue 8 */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as `TrainSegmenterOptions` */
  readonly batches?: number | undefined;
  /** What is done to patches; the pictures differ in grey, noise and blur already. @defaultValue flips, quarter turns, elastic, scale */
  readonly augmentation?: Augmentation | undefined;
}

export interface DrawnTraining<S extends Segmenter> extends SegmenterTraining<S> {
  /** What it learned from and was scored on; labels 1 grain, 2 boundary, 0 between. */
  readonly images: readonly DrawnTrainingImage[];
}

export interface DrawnTrainingImage extends TrainingImage {
  readonly image: Raster<Float32Array>;
  readonly name: string;
}

/** Classes of a net that drawn micrographs taught. */
export const DRAWN_CLASSES = ["grain", "boundary"] as const;

const AUGMENTATION: Augmentation = { flip: {}, turn: {}, scale: { probability: 0.5 }, elastic: { probability: 0.5 } };
const WHO = "pretrainOnDrawn";
/** Nearer to a boundary pixel than this, a pixel is neither one nor clearly grain, px. */
const DOUBT_PX = 2;

/**
 * Teaches a net grains and their boundaries on micrographs that are drawn (`drawMicrograph`), so that no image and no label is needed: the classifier
 * segments real grains as it is, as far as they look like drawn ones, or real labels teach it on (`createUNetSegmenter({ pretrained })`, or
 * `segment train --pretrained`), also other classes.
 *
 * Class 1 is grain, class 2 the pixels on both sides of a boundary; a pixel further on is not labelled, as grooves have no sharp edge. Grey
 * that is standardised comes to mean ½ and deviation ⅛, as in `pretrainSegmenter`. Grey only: coloured images need a net of coloured ones.
 *
 * @throws DomainError for options out of range, or fewer than five images
 * @example
 * const { classifier } = await pretrainOnDrawn(createUNetSegmenter({ epochs: 7 }), { nImages: 100 }, { random: createRandom(1), threads: 2 });
 */
export async function pretrainOnDrawn<S extends Segmenter>(
  learner: SegmenterLearner<S>,
  options: PretrainOnDrawnOptions,
  run: RunContext,
): Promise<DrawnTraining<S>> {
  const { nImages = 100, normalise = "image", augmentation = AUGMENTATION } = options;
  const { patchPx, batchSize, batches, ...drawing } = options;
  if (!(Number.isSafeInteger(nImages) && nImages >= 5)) {
    throw new DomainError(`${WHO}: nImages must be a whole number of at least 5, got ${nImages}`);
  }
  const images = drawImages(nImages, drawing, run.random.fork("pictures"), run.signal);
  const training = await trainSegmenter(
    images,
    learner,
    {
      ...{ classes: DRAWN_CLASSES, normalise, patchPx, batchSize, batches, augmentation },
      ranges: [normalise === "image" ? { low: -4, high: 4, isLimited: true } : { low: 0, high: 1, isLimited: false }],
    },
    run,
  );
  return { ...training, images };
}

function drawImages(
  nImages: number,
  options: DrawMicrographOptions,
  random: Random,
  signal: RunContext["signal"],
): DrawnTrainingImage[] {
  return Array.from({ length: nImages }, (_, k) => {
    signal?.throwIfAborted();
    const { image, labels } = drawMicrograph(options, random.fork(k));
    return { image, labels: regionClasses(labels, "grains", { doubtPx: DOUBT_PX }), name: `drawn ${k + 1}` };
  });
}
