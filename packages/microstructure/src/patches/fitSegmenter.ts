import {
  type BatchSource,
  type BatchTarget,
  createRaster,
  DataError,
  DomainError,
  IncompatibleError,
  type LabelMap,
  type Raster,
  type RunContext,
  type Segmenter,
  type SegmenterLearner,
} from "@materiome/core";
import { type ChannelKind, channelNames } from "../pixels/channelPlanes.ts";
import { checkTrainingImages } from "../pixels/checkTrainingImages.ts";
import { cropRaster } from "../pixels/cropRaster.ts";
import type { Region } from "../pixels/featureWindow.ts";
import { preparePlanes } from "../pixels/pixelClassifier.ts";
import { bringToRange, type PlaneRange, type TrainedSegmenter } from "../pixels/trainedSegmenter.ts";
import type { TrainingImage } from "../pixels/trainPixelClassifier.ts";
import type { Augmentation } from "./augmentation.ts";
import type { LabelledImage } from "./checkPatchSource.ts";
import { IGNORED_CODE } from "./patch.ts";
import { patchSource } from "./patchSource.ts";
import { countClasses, type ImagePart, type ImageSplit, splitImages } from "./splitImages.ts";
import { tileSource } from "./tileSource.ts";

export interface TrainSegmenterOptions {
  /** Names of the labels 1, 2, …. */
  readonly classes: readonly string[];
  /**
   * "image": the grey (of coloured images the lightness) of each image is brought to mean 0 and deviation 1, so that brightness and
   * contrast do not matter; "none": as it is. @defaultValue "none"
   */
  readonly normalise?: "none" | "image" | undefined;
  /** Edge of the patches; a net of n levels needs a multiple of 2^(n − 1). @defaultValue 64 */
  readonly patchPx?: number | undefined;
  /** Patches in a batch. @defaultValue 8 */
  readonly batchSize?: number | undefined;
  /** Batches in an epoch. @defaultValue as many as have all labelled pixels once, 16 … 256 */
  readonly batches?: number | undefined;
  /** What is done to patches. @defaultValue flips, quarter turns; contrast, brightness and gamma of grey images */
  readonly augmentation?: Augmentation | undefined;
  /**
   * How planes are brought to 0 … 1, as of a classifier whose net the learner starts from. @defaultValue by the grey that is learned from
   */
  readonly ranges?: readonly PlaneRange[] | undefined;
  /** Names of images that choose the epoch. @defaultValue a fifth of the groups; a quarter of each image where there are fewer than three */
  readonly validation?: readonly string[] | undefined;
  /** Names of images that are only scored. @defaultValue a fifth of the groups; none where `validation` is given or there are fewer than three */
  readonly test?: readonly string[] | undefined;
}

const WHO = "trainSegmenter";
const GEOMETRIC: Augmentation = { flip: {}, turn: {} };
const PHOTOMETRIC: Augmentation = { contrast: {}, brightness: {}, gamma: {} };
const BATCHES = { least: 16, most: 256 };
/** Of validation an epoch: of larger sets batches spread evenly. */
const VALIDATION_BATCHES = 128;

/** An image whose labels are classes, and what else is to be learned of its pixels. */
export interface FitImage extends TrainingImage {
  /** One channel per label of `valueTargets`. */
  readonly values?: Raster<Float32Array> | undefined;
}

/** A trained net, how images are prepared for it, and what it learned from. */
export interface FittedSegmenter<S extends Segmenter> {
  readonly segmenter: S;
  readonly settings: Pick<TrainedSegmenter, "channels" | "normalise" | "pixelSizeUm" | "ranges">;
  readonly split: ImageSplit;
  readonly nLabelled: readonly number[];
  readonly nTraining: readonly number[];
}

/** Trains a net on patches of labelled images, as `trainSegmenter` says; also of values besides classes. */
export async function fitSegmenter<S extends Segmenter>(
  images: readonly FitImage[],
  learner: SegmenterLearner<S>,
  options: TrainSegmenterOptions,
  run: RunContext,
  valueTargets: readonly BatchTarget[] = [],
): Promise<FittedSegmenter<S>> {
  const { classes, normalise = "none", patchPx = 64, batchSize = 8 } = options;
  if (normalise !== "none" && normalise !== "image") {
    throw new DomainError(`${WHO}: normalise must be "none" or "image", got ${String(normalise)}`);
  }
  const { channels, pixelSizeUm } = checkTrainingImages(WHO, images, classes);
  const split = splitImages(images, classes, heldOutIndices(images, options), run.random.fork("split"));
  const planes = images.map(({ image }) => preparePlanes(image, normalise));
  const ranges = options.ranges ?? planeRanges(planes, images, split.train, channels, normalise, classes.length);
  if (ranges.length !== channelNames(channels).length) {
    throw new IncompatibleError(
      `${WHO}: ${ranges.length} ranges for ${channels} images; start from a net of ${channels} images`,
    );
  }
  for (const image of planes) bringToRange(image, ranges);
  const partsOf = (role: "train" | "validation"): LabelledImage[] =>
    split[role].map(({ image, region }) => {
      const { labels, name, values } = images[image] as FitImage; // an index of images
      const plane = planes[image] as Raster<Float32Array>; // likewise
      const isWhole = region.width === plane.width && region.height === plane.height;
      return {
        image: isWhole ? plane : cropRaster(plane, region),
        codes: codesOf(labels, region),
        values: values && cropRaster(values, region),
        name,
      };
    });
  const augmentation = options.augmentation ?? (channels === "grey" ? { ...GEOMETRIC, ...PHOTOMETRIC } : GEOMETRIC);
  const patches = { sizePx: patchPx, batchSize, augmentation, valueTargets };
  const trainParts = partsOf("train");
  const once = patchSource(trainParts, classes, patches).length;
  const batches = options.batches ?? Math.min(BATCHES.most, Math.max(BATCHES.least, once));
  const train = patchSource(trainParts, classes, { ...patches, batches });
  const validation = spread(tileSource(partsOf("validation"), classes, { sizePx: patchPx, batchSize, valueTargets }));
  const segmenter = await learner.fit(train, validation, { ...run, random: run.random.fork("net") });
  const all = images.map(({ labels }) => countClasses(labels, classes.length));
  return {
    segmenter,
    settings: { channels, normalise, pixelSizeUm, ranges },
    split,
    nLabelled: classes.map((_, c) => all.reduce((sum, counts) => sum + counts[c]!, 0)), // one per class
    nTraining: Array.from(train.labelledPixels),
  };
}

function heldOutIndices(
  images: readonly TrainingImage[],
  { validation, test }: TrainSegmenterOptions,
): { readonly validation: number[] | undefined; readonly test: number[] | undefined } {
  const indices = (names: readonly string[] | undefined): number[] | undefined =>
    names?.map((name) => {
      const k = images.findIndex((image) => image.name === name);
      if (k >= 0) return k;
      throw new DataError(
        `${WHO}: ${name} is to be held out, but no image has this name; name one of the images given`,
      );
    });
  const found = { validation: indices(validation), test: indices(test) };
  const twice = found.validation?.find((k) => found.test?.includes(k));
  if (twice !== undefined) {
    throw new DataError(`${WHO}: ${images[twice]?.name} is to choose the epoch and to be scored; name it once`);
  }
  const nHeld = (found.validation?.length ?? 0) + (found.test?.length ?? 0);
  if (nHeld >= images.length || found.validation?.length === 0) {
    throw new DataError(
      `${WHO}: ${nHeld} of ${images.length} images are held out; leave some to learn from and to choose by`,
    );
  }
  return found;
}

/** Classes from 0, 255 where there is no label. */
function codesOf(labels: LabelMap, { x, y, width, height }: Region): Raster<Uint8Array> {
  const codes = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const label = labels.data[(y + row) * labels.width + x + column]!; // inside
      codes[row * width + column] = label === 0 ? IGNORED_CODE : label - 1;
    }
  }
  return createRaster(codes, width, height);
}

/** Share of the labelled pixels of a class that its range may leave out at either end, and how much farther the range goes. */
const TAIL = 0.01;
const MARGIN = 0.25;
const SAMPLE = 20_000;

/**
 * What becomes 0 and 1 of each plane: of grey as it is, black and white; else what holds all but the outermost hundredth of each class, and a
 * quarter more, so that a rare class far from the others keeps its distance and single bright pixels do not press all else together.
 */
function planeRanges(
  planes: readonly Raster<Float32Array>[],
  images: readonly TrainingImage[],
  parts: readonly ImagePart[],
  channels: ChannelKind,
  normalise: "none" | "image",
  nClasses: number,
): PlaneRange[] {
  if (channels === "grey" && normalise === "none") return [{ low: 0, high: 1, isLimited: false }];
  return channelNames(channels).map((_, plane) => {
    const values = Array.from({ length: nClasses }, (): number[] => []);
    for (const { image, region } of parts) {
      const { data, channels: nPlanes, width } = planes[image] as Raster<Float32Array>; // an index of images, here and below
      const { labels } = images[image] as TrainingImage;
      const seen = new Float64Array(nClasses);
      const total = countClasses(labels, nClasses, region);
      for (let y = region.y; y < region.y + region.height; y++) {
        for (let i = y * width + region.x; i < y * width + region.x + region.width; i++) {
          const c = labels.data[i]! - 1; // inside
          if (c < 0) continue;
          const stride = Math.ceil(total[c]! / SAMPLE); // one per class, here and below
          if (seen[c]! % stride === 0) values[c]!.push(data[i * nPlanes + plane]!);
          seen[c]! += 1;
        }
      }
    }
    let low = Infinity;
    let high = -Infinity;
    for (const sample of values) {
      const sorted = Float64Array.from(sample).sort();
      low = Math.min(low, sorted[Math.floor(TAIL * (sorted.length - 1))] ?? Infinity);
      high = Math.max(high, sorted[Math.ceil((1 - TAIL) * (sorted.length - 1))] ?? -Infinity);
    }
    if (!(high > low)) return { low: low - 0.5, high: low + 0.5, isLimited: true };
    const margin = MARGIN * (high - low);
    return { low: low - margin, high: high + margin, isLimited: true };
  });
}

function spread(source: BatchSource): BatchSource {
  const length = Math.min(source.length, VALIDATION_BATCHES);
  if (length === source.length) return source;
  return { ...source, length, batch: (i, random) => source.batch(Math.floor((i * source.length) / length), random) };
}
