import {
  DataError,
  DomainError,
  type Raster,
  type RunContext,
  type Segmenter,
  type SegmenterLearner,
} from "@materiome/core";
import { channelKind, requireFinite } from "../pixels/channelPlanes.ts";
import { preparePlanes } from "../pixels/pixelClassifier.ts";
import { bringToRange, type PlaneRange } from "../pixels/trainedSegmenter.ts";
import type { Augmentation } from "./augmentation.ts";
import { contrastSource } from "./contrastSource.ts";
import { restorationSource } from "./restorationSource.ts";

/** An image without labels. */
export interface UnlabelledImage {
  /** Grey or colour, 0 … 1. */
  readonly image: Raster<Float32Array>;
  /** Name in messages. @defaultValue "image 1", … */
  readonly name?: string | undefined;
}

export interface PretrainSegmenterOptions {
  /**
   * `restore`: damaged patches become what they were (`restorationSource`). `contrast`: which of many patches, each seen twice, are the same
   * (`contrastSource`), for a learner such as `createContrastiveUNet`. @defaultValue "restore"
   */
  readonly task?: "restore" | "contrast" | undefined;
  /** As in the training that is to follow (`TrainSegmenterOptions`). @defaultValue "none" */
  readonly normalise?: "none" | "image" | undefined;
  /** @defaultValue 64 */
  readonly patchPx?: number | undefined;
  /** Patches in a batch. @defaultValue 8, or 16 to be told apart */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as many as have the pixels of all images once, 16 … 256 */
  readonly batches?: number | undefined;
  /** @defaultValue as `restorationSource` or `contrastSource` */
  readonly augmentation?: Augmentation | undefined;
}

const WHO = "pretrainSegmenter";
/** Other patches, damaged anew, that choose the epoch. */
const CHECKS = 8;

/**
 * Teaches a net what images of a kind look like before it sees labels: it restores damaged patches, or tells patches apart. The epoch is chosen by other patches
 * of the same images. Start from the result with `createUNetSegmenter({ pretrained })`.
 *
 * Grey that is standardised comes to mean ½ and deviation ⅛, about as `trainSegmenter` has labelled images; of coloured ones the lightness does, and
 * their other planes come to 0 … 1 from −50 … 50.
 *
 * @param images - all grey or all coloured, of any sizes
 * @throws DataError without images, for images of both kinds, or that are the same grey everywhere; DomainError for options out of range
 * @example
 * const net = await pretrainSegmenter(images, createUNetSegmenter({ epochs: 7 }), { normalise: "image" }, { random: createRandom(1), threads: 2 });
 */
export async function pretrainSegmenter<S extends Segmenter>(
  images: readonly UnlabelledImage[],
  learner: SegmenterLearner<S>,
  options: PretrainSegmenterOptions,
  run: RunContext,
): Promise<S> {
  const { task = "restore", normalise = "none", patchPx = 64, augmentation } = options;
  if (task !== "restore" && task !== "contrast") {
    throw new DomainError(`${WHO}: task must be "restore" or "contrast", got ${String(task)}`);
  }
  const { batchSize = task === "restore" ? 8 : 16 } = options;
  if (normalise !== "none" && normalise !== "image") {
    throw new DomainError(`${WHO}: normalise must be "none" or "image", got ${String(normalise)}`);
  }
  const [first] = images;
  if (first === undefined) throw new DataError(`${WHO}: no images; give at least one`);
  const kind = channelKind(first.image, WHO);
  const planes = images.map(({ image, name = "" }, k) => {
    const who = `${WHO}: ${name || `image ${k + 1}`}`;
    const own = channelKind(image, who);
    if (own !== kind)
      throw new DataError(`${who} is ${own}, those before it are ${kind}; learn from images of one kind`);
    requireFinite(image, who);
    const prepared = preparePlanes(image, normalise);
    bringToRange(prepared, rangesOf(prepared, normalise));
    return prepared;
  });
  const patches = { sizePx: patchPx, batchSize, augmentation };
  const source = task === "restore" ? restorationSource : contrastSource;
  const once = source(planes, patches).length;
  const batches = options.batches ?? Math.min(256, Math.max(16, once));
  return learner.fit(source(planes, { ...patches, batches }), source(planes, { ...patches, batches: CHECKS }), {
    ...run,
    random: run.random.fork(task === "restore" ? "restoration" : "contrast"),
  });
}

/** What becomes 0 and 1: ±4 deviations of what is standardised; −1 … 1 of a and b, which come in fifties; else as it is, 0 … 2 of lightness. */
function rangesOf({ channels }: Raster<Float32Array>, normalise: "none" | "image"): PlaneRange[] {
  const isGrey = channels === 1;
  const first = normalise === "image" ? { low: -4, high: 4 } : { low: 0, high: isGrey ? 1 : 2 };
  const others = isGrey ? [] : [1, 2].map(() => ({ low: -1, high: 1, isLimited: true }));
  return [{ ...first, isLimited: true }, ...others];
}
