import { type BatchSource, createRaster, DataError, DomainError, type ImageBatch, type Raster } from "@materiome/core";
import { type Augmentation, resolveAugmentation } from "./augmentation.ts";
import { augmentationPreset } from "./augmentationPreset.ts";
import { augmentPatch } from "./augmentPatch.ts";
import { patchSource } from "./patchSource.ts";

export interface ContrastSourceOptions {
  /** Edge of the square views. @defaultValue 64 */
  readonly sizePx?: number | undefined;
  /** Patches in a batch, each of which is shown twice. @defaultValue 16 */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as many as have the pixels of all images once */
  readonly batches?: number | undefined;
  /** What views of one patch differ in, besides the place where they are cut. @defaultValue `augmentationPreset`, without changes of colours */
  readonly augmentation?: Augmentation | undefined;
}

/** Of the edge of a view: that of the piece that both views of a patch are cut from. */
const AROUND = 1.5;

/**
 * Batches of two views each of random patches of images without labels, for `createContrastiveUNet` of `@materiome/forward/nets`, which learns to tell by the
 * views which patches are the same. Both are cut from a piece of one and a half times their edge, each at a place of its own after it is augmented on its
 * own. The first views of all patches come before the second ones; there are no targets.
 *
 * @throws DataError without images, for images of different kinds or pixels that are no numbers; DomainError for options out of range, grey outside
 *   0 … 1, or steps that mix patches
 * @see T. Chen, S. Kornblith, M. Norouzi, G. Hinton, Proc. ICML 2020, arXiv:2002.05709
 * @example
 * const source = contrastSource(unlabelled, { sizePx: 64, batchSize: 16 });
 * const { shape } = await source.batch(0, createRandom(1)); // [32, 64, 64, 1]
 */
export function contrastSource(
  images: readonly Raster<Float32Array>[],
  options: ContrastSourceOptions = {},
): BatchSource {
  const who = "contrastSource";
  const { sizePx = 64, batchSize = 16 } = options;
  const [first] = images;
  if (first === undefined) throw new DataError(`${who}: no images; give at least one`);
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 2)) {
    throw new DomainError(
      `${who}: batchSize must be a whole number of at least 2, as patches are told apart, got ${batchSize}`,
    );
  }
  const { channels } = first;
  const { augmentation = augmentationPreset({ changesGrey: channels === 1 }) } = options;
  resolveAugmentation(augmentation);
  for (const step of ["cutMix", "composite"] as const) {
    if (augmentation[step] === undefined) continue;
    throw new DomainError(`${who}: ${step} mixes patches, which are to be told apart; leave it out`);
  }
  const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  const around = Math.ceil(AROUND * sizePx);
  const pieces = patchSource(
    images.map((image) => ({
      image,
      codes: createRaster(new Uint8Array(image.width * image.height), image.width, image.height),
    })),
    ["seen"],
    {
      ...{ sizePx: around, batchSize },
      batches: options.batches ?? Math.max(1, Math.round(pixels / (batchSize * sizePx * sizePx))),
    },
  );
  const size = sizePx * sizePx * channels;
  return {
    length: pieces.length,
    imageShape: [sizePx, sizePx, channels],
    targets: [],
    targetsPer: "image",
    batch(i, random): ImageBatch {
      const n = 2 * batchSize;
      const x = new Float32Array(n * size);
      for (let k = 0; k < batchSize; k++) {
        const piece = pieces.patch(i, k, random);
        for (const view of [0, 1]) {
          const stream = random.fork(i).fork(k).fork(view);
          const { data } = augmentPatch(piece, augmentation, stream).image;
          const place = stream.fork("cut");
          const [left, top] = [place.int(around - sizePx + 1), place.int(around - sizePx + 1)];
          const at = (view * batchSize + k) * size;
          for (let row = 0; row < sizePx; row++) {
            const from = ((top + row) * around + left) * channels;
            x.set(data.subarray(from, from + sizePx * channels), at + row * sizePx * channels);
          }
        }
      }
      return {
        shape: [n, sizePx, sizePx, channels],
        x,
        yShape: [n, 0],
        y: new Float32Array(0),
        weights: new Float32Array(n).fill(1),
      };
    },
  };
}
