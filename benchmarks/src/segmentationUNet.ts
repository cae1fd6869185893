import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createUNetSegmenter, type UNetSegmenter } from "@materiome/forward/nets";
import {
  augmentationPreset,
  restorationSource,
  trainSegmenter,
  withTestTimeAugmentation,
} from "@materiome/microstructure/patches";
import { createTrainedSegmenter, type MicrographSegmenter } from "@materiome/microstructure/pixels";

/** How a U-Net is trained for a set. */
export interface UNetSettings {
  readonly filters: readonly number[];
  readonly patchPx: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Steps an epoch. */
  readonly batches: number;
  /** Up and down look alike, or not, as in a coating on its substrate: then patches are neither turned nor flipped. */
  readonly isDirected: boolean;
  /** Images come from other microscopes than those learned from: patches are shaded unevenly and their grey changed by far more. @defaultValue false */
  readonly isVaried?: boolean;
}

/** What can be left out, to see whether it helps. */
export const PARTS = ["augmentation", "balance", "normalisation", "views"] as const;

export interface UNetRun {
  readonly seed: number;
  readonly threads: number;
  readonly without?: (typeof PARTS)[number] | undefined;
  /** Images without labels that the net first learns to restore; absent: none. */
  readonly unlabelled?: readonly Raster<Float32Array>[] | undefined;
}

export interface UNetTraining extends UNetSettings {
  readonly bestEpoch: number;
  readonly learningCurve: readonly { readonly trainingLoss: number; readonly validationLoss: number }[];
  readonly cpuSeconds: number;
  readonly without: UNetRun["without"] | null;
  /** Of the restoration of `nImages` images that came first: 1 is that of always the mean. */
  readonly pretraining: { readonly nImages: number; readonly squaredError: number } | null;
}

/** An image with the number of its class, from 1, at each pixel; 0 is not labelled. */
export interface LabelledPixels {
  readonly name: string;
  readonly image: Raster<Float32Array>;
  readonly labels: LabelMap;
}

export interface TrainedUNet {
  readonly training: UNetTraining;
  readonly model: MicrographSegmenter;
  /** Probabilities of the classes. */
  readonly classify: (image: Raster<Float32Array>) => Promise<Raster<Float32Array>>;
}

/**
 * A U-Net trained on `train`; the epoch is chosen by the loss on `validation`. Predictions are means over flips and quarter turns, but of directed
 * images.
 * Pretraining takes half as many epochs.
 */
export async function trainUNet(
  train: readonly LabelledPixels[],
  validation: readonly LabelledPixels[],
  classes: readonly string[],
  settings: UNetSettings,
  { seed, threads, without, unlabelled }: UNetRun,
): Promise<TrainedUNet> {
  const { filters, patchPx, batchSize, epochs, batches, isDirected, isVaried = false } = settings;
  const augmentation = augmentationPreset({ anyDirection: !isDirected, isVaried });
  const before = process.cpuUsage();
  const pretrained = unlabelled && (await restore(unlabelled, settings, { seed, threads }));
  const learner = createUNetSegmenter({
    filters,
    epochs,
    patience: epochs,
    classWeights: without === "balance" ? "none" : "balanced",
    pretrained,
  });
  const { classifier, segmenter } = await trainSegmenter(
    [...train, ...validation],
    learner,
    {
      classes,
      normalise: without === "normalisation" ? "none" : "image",
      ...{ patchPx, batchSize, batches },
      augmentation: without === "augmentation" ? {} : augmentation,
      validation: validation.map(({ name }) => name),
    },
    { random: createRandom(seed), threads, onProgress: show("classes") },
  );
  const { user, system } = process.cpuUsage(before);
  const steady =
    without === "views" || isDirected
      ? classifier
      : createTrainedSegmenter(withTestTimeAugmentation(segmenter), classifier);
  const restored = pretrained?.learningCurve[pretrained.bestEpoch - 1];
  return {
    model: steady,
    classify: (image) => steady.classify(image, 512, { threads }),
    training: {
      ...settings,
      bestEpoch: segmenter.bestEpoch,
      learningCurve: segmenter.learningCurve.map(({ trainingLoss, validationLoss }) => ({
        trainingLoss,
        validationLoss,
      })),
      cpuSeconds: (user + system) / 1e6,
      without: without ?? null,
      pretraining: restored ? { nImages: unlabelled?.length ?? 0, squaredError: restored.validationLoss } : null,
    },
  };
}

function restore(
  images: readonly Raster<Float32Array>[],
  { filters, patchPx, batchSize, epochs, batches }: UNetSettings,
  { seed, threads }: Pick<UNetRun, "seed" | "threads">,
): Promise<UNetSegmenter> {
  const half = Math.ceil(epochs / 2);
  const even = images.map(evenGrey);
  const patches = { sizePx: patchPx, batchSize };
  return createUNetSegmenter({ filters, epochs: half, patience: half }).fit(
    restorationSource(even, { ...patches, batches }),
    restorationSource(even, { ...patches, batches: 8 }),
    { random: createRandom(seed).fork("restoration"), threads, onProgress: show("restoration") },
  );
}

/** Mean ½ and deviation ⅛, cut to 0 … 1, about as training has the labelled ones. */
function evenGrey({ data, width, height }: Raster<Float32Array>): Raster<Float32Array> {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
  const even = data.map((value) => Math.min(1, Math.max(0, 0.5 + (value - mean) / (8 * deviation))));
  return createRaster(even, width, height);
}

const show =
  (name: string) =>
  ({ done, total }: { readonly done: number; readonly total: number }): void => {
    process.stderr.write(`\r${name}: ${done} of ${total}   `);
  };
