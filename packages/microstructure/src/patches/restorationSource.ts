import {
  type BatchSource,
  createRaster,
  DataError,
  DomainError,
  type ImageBatch,
  type Random,
  type Raster,
} from "@materiome/core";
import { requireFinite } from "../pixels/channelPlanes.ts";
import type { Augmentation } from "./augmentation.ts";
import { requireUnitRange } from "./patch.ts";
import { patchSource } from "./patchSource.ts";

export interface RestorationSourceOptions {
  /** Edge of the square patches. @defaultValue 64 */
  readonly sizePx?: number | undefined;
  /** Patches in a batch. @defaultValue 8 */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as many as have the pixels of all images once */
  readonly batches?: number | undefined;
  /** Geometric steps are done to both sides; the others are what is to be undone. @defaultValue flips, quarter turns, noise and blur */
  readonly augmentation?: Augmentation | undefined;
  /** Share of the pixels hidden behind squares. @defaultValue 0.25 */
  readonly hiddenShare?: number | undefined;
  /** Edge of the squares. @defaultValue 8 */
  readonly hiddenPx?: number | undefined;
}

const DAMAGE: Augmentation = {
  flip: {},
  turn: {},
  gaussianNoise: { std: [0.02, 0.1] },
  blur: { probability: 0.3 },
};

/**
 * Batches that teach a net what images of a kind look like, without labels: damaged patches, and as targets (of kind `values`) the
 * patches before the damage, per channel less the mean and over the standard deviation of all images. Noise teaches what is texture and
 * what is not, hidden squares, which show the mean grey of their patch, what lies beside what. A net that knows both may need fewer labels
 * (`createUNetSegmenter({ pretrained })`).
 *
 * A squared error of 1 is that of always the mean. Pixels beyond the border of an image count nothing.
 *
 * @throws DataError without images, for pixels that are no numbers, or where a channel is the same in all of them; DomainError for options out of range, or grey outside 0 … 1
 * @see D. Pathak et al., Proc. CVPR 2016, doi:10.1109/CVPR.2016.278 (hidden regions); P. Vincent et al., Proc. ICML 2008, doi:10.1145/1390156.1390294
 * @example
 * const source = restorationSource(unlabelled, { sizePx: 128 });
 * const { x, y } = await source.batch(0, createRandom(1));
 */
export function restorationSource(
  images: readonly Raster<Float32Array>[],
  options: RestorationSourceOptions = {},
): BatchSource {
  const who = "restorationSource";
  const { sizePx = 64, augmentation = DAMAGE, hiddenShare = 0.25, hiddenPx = 8 } = options;
  const [first] = images;
  if (first === undefined) throw new DataError(`${who}: no images; give at least one`);
  if (!(hiddenShare >= 0 && hiddenShare < 1)) {
    throw new DomainError(`${who}: hiddenShare must be at least 0 and below 1, got ${hiddenShare}`);
  }
  if (!(Number.isSafeInteger(hiddenPx) && hiddenPx >= 1 && hiddenPx <= sizePx)) {
    throw new DomainError(`${who}: hiddenPx must be a whole number of 1 … ${sizePx} (sizePx), got ${hiddenPx}`);
  }
  const { channels } = first;
  for (const [k, image] of images.entries()) {
    requireFinite(image, `${who}: image ${k + 1}`);
    requireUnitRange(`${who}: image ${k + 1}`, image);
  }
  const scale = channelScale(who, images, channels);
  const labels = Array.from({ length: channels }, (_, c) => (channels === 1 ? "grey" : `channel ${c + 1}`));
  const patches = patchSource(
    images.map((image) => ({
      image,
      codes: createRaster(new Uint8Array(image.width * image.height), image.width, image.height),
      values: standardised(image, scale),
    })),
    ["seen"],
    {
      sizePx,
      batchSize: options.batchSize,
      batches: options.batches,
      augmentation,
      valueTargets: [{ name: "image", kind: "values", labels }],
    },
  );
  return {
    length: patches.length,
    imageShape: patches.imageShape,
    targets: patches.targets.slice(1),
    targetsPer: "pixel",
    async batch(i, random): Promise<ImageBatch> {
      const whole = await patches.batch(i, random);
      const [n] = whole.shape;
      const x = whole.x.slice();
      const y = new Float32Array(whole.weights.length * channels);
      for (let p = 0; p < whole.weights.length; p++) {
        for (let c = 0; c < channels; c++) y[p * channels + c] = whole.y[p * (1 + channels) + 1 + c]!; // the class, then the channels
      }
      for (let k = 0; k < n; k++) {
        const pixels = sizePx * sizePx * channels;
        hideSquares(
          x.subarray(k * pixels, (k + 1) * pixels),
          sizePx,
          channels,
          hiddenShare,
          hiddenPx,
          random.fork(i).fork(k).fork("hide"),
        );
      }
      return { ...whole, x, yShape: [n, sizePx, sizePx, channels], y };
    },
  };
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Over all pixels of all images. */
function channelScale(who: string, images: readonly Raster<Float32Array>[], channels: number): Scale {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let pixels = 0;
  for (const { data, width, height } of images) {
    pixels += width * height;
    for (let j = 0; j < data.length; j++) {
      sums[j % channels]! += data[j]!; // below length, here and below
      squares[j % channels]! += data[j]! ** 2;
    }
  }
  const mean = sums.map((sum) => sum / pixels);
  const deviation = squares.map((square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c]! ** 2))); // one per channel
  const constant = deviation.findIndex((value) => !(value > 1e-6));
  if (constant >= 0) {
    throw new DataError(
      `${who}: channel ${constant + 1} is ${mean[constant]} everywhere; there is nothing to learn from it`,
    );
  }
  return { mean, deviation };
}

function standardised(image: Raster<Float32Array>, { mean, deviation }: Scale): Raster<Float32Array> {
  const { channels } = image;
  return { ...image, data: image.data.map((value, j) => (value - mean[j % channels]!) / deviation[j % channels]!) }; // one per channel
}

/** Squares at random places, which may overlap, until at least `share` of the pixels are hidden. */
function hideSquares(
  x: Float32Array,
  sizePx: number,
  channels: number,
  share: number,
  edge: number,
  random: Random,
): void {
  const mean = new Float64Array(channels);
  for (let j = 0; j < x.length; j++) mean[j % channels]! += (x[j]! * channels) / x.length; // below length
  const hidden = new Uint8Array(sizePx * sizePx);
  for (let count = 0; count < share * hidden.length; ) {
    const [left, top] = [random.int(sizePx - edge + 1), random.int(sizePx - edge + 1)];
    for (let row = top; row < top + edge; row++) {
      for (let p = row * sizePx + left; p < row * sizePx + left + edge; p++) {
        if (hidden[p] === 1) continue;
        hidden[p] = 1;
        count++;
        for (let c = 0; c < channels; c++) x[p * channels + c] = mean[c]!; // one per channel
      }
    }
  }
}
