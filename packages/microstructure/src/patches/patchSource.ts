import {
  type BatchSource,
  type BatchTarget,
  DataError,
  DomainError,
  type ImageBatch,
  type Random,
} from "@materiome/core";
import { type Augmentation, resolveAugmentation } from "./augmentation.ts";
import { finishPatch } from "./augmentPatch.ts";
import { checkPatchSource, type LabelledImage } from "./checkPatchSource.ts";
import { classPixels } from "./classPixels.ts";
import { instancePool } from "./compositeDefects.ts";
import { drawWarp } from "./drawWarp.ts";
import { IGNORED_CODE, type Patch } from "./patch.ts";
import { classTarget, patchBatch } from "./patchBatch.ts";
import { warpPatch } from "./warpPatch.ts";

export interface PatchSourceOptions {
  /** Edge of the square patches. @defaultValue 64 */
  readonly sizePx?: number | undefined;
  /** Patches in a batch. @defaultValue 8 */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as many as have the labelled pixels of all images once */
  readonly batches?: number | undefined;
  /**
   * Share of the patches that are cut about a pixel of a drawn class; the others are cut about any labelled pixel.
   * @defaultValue 0.5
   */
  readonly balancedShare?: number | undefined;
  /**
   * A class is drawn with weight share^−power, its share that of the labelled pixels: 0 draws all classes alike, 1 rare ones more often
   * in the measure in which they are rare. @defaultValue 0.5
   */
  readonly balancePower?: number | undefined;
  /** What is done to each patch. @defaultValue nothing */
  readonly augmentation?: Augmentation | undefined;
  /** Code of pixels of which nothing is known, besides 255. @defaultValue 255 */
  readonly ignoredCode?: number | undefined;
  /** What the channels of `values` are. @defaultValue none */
  readonly valueTargets?: readonly BatchTarget[] | undefined;
  /** Weight of the pixels of each class in the loss. @defaultValue all 1 */
  readonly classWeights?: readonly number[] | undefined;
}

/** Random patches of labelled images. */
export interface PatchSource extends BatchSource {
  /** Labelled pixels of each class over all images: 0 for one that cannot be learned from these. */
  readonly labelledPixels: Float64Array;
  /** Patch k of batch i, as `batch` has it. */
  patch(i: number, k: number, random: Random): Patch;
}

/**
 * Batches of random patches of labelled images, rare classes more often than their area, augmented.
 *
 * Images, chosen by their labelled pixels, need not be of one size. A patch lies inside its image; its drawn pixel lies anywhere in the
 * middle half of it. Geometric augmentation is part of the cut: what turns into view is what the image shows there. Beyond
 * the border of an image, and in images smaller than a patch, the image goes on reflected and the codes are unknown (weight 0): a
 * net needs context everywhere, but mirrored labels would teach grains with mirror planes and count some pixels twice.
 *
 * Images are not copied; they must not be changed afterwards.
 *
 * @param classes - name of each code
 * @throws DataError without images or labelled pixels, for codes without a name, images of different kinds, values not finite, or `composite` without a
 *   region that can be put elsewhere
 * @throws DomainError for options out of range, or grey outside 0 … 1; ShapeError for codes of another size than the image
 * @example
 * const source = patchSource([{ image, codes }], ["matrix", "precipitate"], { sizePx: 128, augmentation: { flip: {}, turn: {} } });
 * const { x, y, weights } = await source.batch(0, createRandom(1));
 */
export function patchSource(
  images: readonly LabelledImage[],
  classes: readonly string[],
  options: PatchSourceOptions = {},
): PatchSource {
  const who = "patchSource";
  const { sizePx = 64, batchSize = 8, balancedShare = 0.5, balancePower = 0.5 } = options;
  const { ignoredCode = IGNORED_CODE, valueTargets = [], classWeights } = options;
  for (const [name, value] of Object.entries({ sizePx, batchSize, batches: options.batches ?? 1 })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new DomainError(`${who}: ${name} must be a positive whole number, got ${value}`);
    }
  }
  if (!(balancedShare >= 0 && balancedShare <= 1)) {
    throw new DomainError(`${who}: balancedShare must lie in 0 … 1, got ${balancedShare}`);
  }
  if (!(balancePower >= -1 && balancePower <= 2)) {
    throw new DomainError(`${who}: balancePower must lie in −1 … 2, got ${balancePower}`);
  }
  const plan = resolveAugmentation(options.augmentation ?? {});
  checkPatchSource(who, images, classes, { ignoredCode, valueTargets, classWeights });
  const channels = images[0]!.image.channels; // checked above
  if (plan.whiteBalance !== undefined && channels === 1) {
    throw new DomainError(`${who}: whiteBalance is for colour, the images are grey; use brightness or contrast`);
  }
  // An ignored code below the number of classes names a class that is never learned.
  const isLearned = (code: number): boolean => code !== ignoredCode;
  const pixels = classPixels(images, classes.length);
  const labelledPixels = pixels.counts.map((count, code) => (isLearned(code) ? count : 0));
  const total = labelledPixels.reduce((a, b) => a + b, 0);
  if (total === 0) {
    throw new DataError(`${who}: no pixel of the ${images.length} images is labelled; every code is ${ignoredCode}`);
  }
  if (plan.composite !== undefined && valueTargets.length > 0) {
    throw new DomainError(
      `${who}: composite changes labels, and further values (${valueTargets.map(({ name }) => name).join(", ")}) would not be right afterwards; leave it out`,
    );
  }
  const pool = plan.composite && instancePool(who, images, labelledPixels, sizePx, ignoredCode);
  const anyClass = cumulative(labelledPixels);
  const rareClass = cumulative(labelledPixels.map((n) => (n > 0 ? (n / total) ** -balancePower : 0)));
  const weights = Float64Array.from(classes, (_, code) => classWeights?.[code] ?? 1);

  const drawPatch = (random: Random): Patch => {
    const stream = random.fork("place");
    const isBalanced = stream.next() < balancedShare;
    const code = drawIndex(isBalanced ? rareClass : anyClass, stream);
    const { image: k, x, y } = pixels.draw(code, stream);
    const source = images[k]!; // drawn from these
    const warp = drawWarp(plan, sizePx, sizePx, random);
    // Where the drawn pixel is to lie in the patch, from its middle.
    const [u, v] = [(stream.next() - 0.5) * 0.5 * sizePx, (stream.next() - 0.5) * 0.5 * sizePx];
    const [xx, xy, yx, yy] = warp.matrix;
    const middle = (sizePx - 1) / 2;
    const place = (at: number, length: number): number => {
      const first = Math.round(at - middle);
      const last = length - sizePx;
      return Math.min(Math.max(first, Math.min(0, last)), Math.max(0, last)) + middle;
    };
    return warpPatch(
      source,
      warp,
      {
        width: sizePx,
        height: sizePx,
        centreX: place(x - xx * u - xy * v, source.image.width),
        centreY: place(y - yx * u - yy * v, source.image.height),
      },
      ignoredCode,
    );
  };
  const patch = (i: number, k: number, random: Random): Patch => {
    const stream = random.fork(i).fork(k);
    return finishPatch(drawPatch(stream), plan, stream, () => drawPatch(stream.fork("other")), pool);
  };
  const length = options.batches ?? Math.max(1, Math.round(total / (batchSize * sizePx * sizePx)));
  return {
    length,
    imageShape: [sizePx, sizePx, channels],
    targets: [classTarget(classes), ...valueTargets],
    targetsPer: "pixel",
    labelledPixels,
    patch,
    batch(i, random): ImageBatch {
      requireIndex(who, i, length);
      return patchBatch(
        Array.from({ length: batchSize }, (_, k) => patch(i, k, random)),
        weights,
      );
    },
  };
}

export function requireIndex(who: string, i: number, length: number): void {
  if (Number.isInteger(i) && i >= 0 && i < length) return;
  throw new DomainError(`${who}: batch ${i} of ${length}; they are counted from 0`);
}

function cumulative(weights: Float64Array): Float64Array {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** An index with the chance of its weight; never one of weight 0. */
function drawIndex(sums: Float64Array, random: Random): number {
  const u = random.next() * sums.at(-1)!; // one per class
  return sums.findIndex((sum) => sum > u);
}
