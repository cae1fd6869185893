import {
  type BatchSource,
  DataError,
  DomainError,
  IncompatibleError,
  type RunContext,
  type SegmenterLearner,
} from "@materiome/core";
import type { NetBackend } from "../engine.ts";
import { surveyImages } from "../training/normalisation.ts";
import { resolveTraining, type TrainingOptions, trainNetwork } from "../training/trainNetwork.ts";
import { createSegmenter, type UNetSegmenter, weightsToStartFrom } from "./unetSegmenter.ts";
import { checkFilters, outputsOf, type UNetSpec } from "./unetSpec.ts";
import { checkSource, createUNetTask } from "./unetTask.ts";

export interface UNetOptions extends TrainingOptions {
  /**
   * Filters of each level, from full resolution down; each level halves the resolution. Two or three times as many see more at more time.
   * @defaultValue [16, 32, 64]
   */
  readonly filters?: readonly number[];
  /**
   * How much a pixel of each class counts: `balanced` by 1 / √(share of the class), mean 1 over the training pixels; `none` all alike; or numbers
   * by label. @defaultValue "balanced"
   */
  readonly classWeights?: "balanced" | "none" | Readonly<Record<string, number>>;
  /** Weight of the soft Dice loss (overlap per image and class) beside the cross entropy. @defaultValue 0.5 */
  readonly diceWeight?: number;
  /**
   * Training starts from the weights of this U-Net, of the same filters and channels, and with its normalisation of grey; only the last layer, from
   * features to classes, starts anew. What it learned may be anything, such as to restore damaged images. @defaultValue random weights
   */
  readonly pretrained?: UNetSegmenter | undefined;
  /** @defaultValue "wasm" */
  readonly backend?: NetBackend;
}

/** Trains U-Nets; immutable. */
export interface UNetSegmenterLearner extends SegmenterLearner<UNetSegmenter> {
  /**
   * Learns from batches of patches and stops by the loss on validation batches, which must be of other images.
   *
   * The result depends on the batches, options and `run.random`, not on `run.threads` (each step is shared out over threads in fixed parts).
   *
   * @throws DataError where a class never occurs in an epoch of training, or nothing is labelled
   * @throws ShapeError for patches whose sides are no multiples of the coarsest pixel
   * @throws DivergenceError where the loss is no longer a number, with the step and the best weights
   */
  fit(train: BatchSource, validation: BatchSource, run: RunContext): Promise<UNetSegmenter>;
}

/**
 * A U-Net that learns the class of every pixel from few labelled images: convolutions of 3 × 3 pixels with batch normalisation and rectifier, two a
 * level; levels halved by maximum pooling, and doubled and joined with what they came from on the way back. Trained by AdamW on cross entropy
 * (logistic loss for targets of kind `presence`, squared error for `values`) plus soft Dice loss. Pixels of weight 0 teach nothing.
 *
 * In training, normalisation is over two images of a batch at a time; predictions use running statistics, so a tile with its halo gives
 * exactly what the whole image would.
 *
 * @throws DomainError for options out of range
 * @see O. Ronneberger, P. Fischer, T. Brox, doi:10.1007/978-3-319-24574-4_28; S. Ioffe, C. Szegedy, arXiv:1502.03167; F. Milletari et al.,
 * doi:10.1109/3DV.2016.79
 * @example
 * const learner = createUNetSegmenter({ filters: [16, 32, 64], epochs: 40 });
 * const segmenter = await learner.fit(trainPatches, validationPatches, { random: createRandom(1), threads: 2 });
 * const probabilities = await segmenter.segmentTile(image);
 */
export function createUNetSegmenter(options: UNetOptions = {}): UNetSegmenterLearner {
  const who = "createUNetSegmenter";
  const { classWeights = "balanced", diceWeight = 0.5, backend = "wasm", pretrained } = options;
  const { filters = pretrained?.filters ?? [16, 32, 64] } = options;
  checkFilters(who, filters);
  resolveTraining(who, options);
  if (!(diceWeight >= 0 && diceWeight <= 100)) {
    throw new DomainError(`${who}: diceWeight must be between 0 and 100, got ${diceWeight}`);
  }
  if (pretrained !== undefined && pretrained.filters.join() !== filters.join()) {
    throw new DomainError(
      `${who}: the pretrained U-Net has filters ${pretrained.filters.join(", ")}, asked are ${filters.join(", ")}; leave filters out`,
    );
  }
  return {
    async fit(train, validation, run) {
      const name = "U-Net";
      const outputs = outputsOf(train.targets);
      checkSource(`${name}: training`, train, filters, outputs);
      checkSource(`${name}: validation`, validation, filters, outputs);
      if (
        JSON.stringify(train.targets) !== JSON.stringify(validation.targets) ||
        train.imageShape[2] !== validation.imageShape[2]
      ) {
        throw new IncompatibleError(`${name}: training and validation have other targets or channels`);
      }
      const spec: UNetSpec = { channels: train.imageShape[2], filters: [...filters], outputs };
      const start = pretrained === undefined ? undefined : weightsToStartFrom(name, pretrained, train.imageShape[2]);
      const { normalisation, labelled } = await surveyImages(name, train, outputs, run);
      const labelWeights = weightsOf(name, train, classWeights, labelled);
      const settings = {
        spec,
        backend,
        labelWeights,
        diceWeight,
        normalisation: start?.normalisation ?? normalisation,
        start: start?.parameters,
      };
      const task = createUNetTask(name, settings, train, validation, run);
      const { parameters, bestEpoch, curve } = await trainNetwork(task, options, run);
      return createSegmenter({
        spec,
        targets: train.targets,
        normalisation: settings.normalisation,
        parameters,
        bestEpoch,
        curve,
        backend,
      });
    },
  };
}

function weightsOf(
  who: string,
  { targets }: BatchSource,
  classWeights: "balanced" | "none" | Readonly<Record<string, number>>,
  pixelsOf: Float64Array,
): number[] {
  const known = targets.flatMap(({ labels }) => labels);
  const unknown = typeof classWeights === "object" && Object.keys(classWeights).find((label) => !known.includes(label));
  if (typeof unknown === "string") {
    throw new DomainError(
      `${who}: classWeights names "${unknown}", which is no class; classes are ${known.join(", ")}`,
    );
  }
  let start = 0;
  return targets.flatMap(({ kind, labels, name }) => {
    const pixels = pixelsOf.subarray(start, start + labels.length);
    start += labels.length;
    if (kind === "values") return labels.map(() => 1);
    for (const [c, label] of labels.entries()) {
      if (pixels[c]! > 0) continue; // one per label
      throw new DataError(
        `${who}: no pixel of the training batches is labelled "${label}" (${name}); label some, leave the class out, or let every patch be sampled with it`,
      );
    }
    if (typeof classWeights === "object") {
      return labels.map((label) => {
        const weight = classWeights[label] ?? 1;
        if (weight >= 0 && Number.isFinite(weight)) return weight;
        throw new DomainError(`${who}: classWeights.${label} must be a number of at least 0, got ${weight}`);
      });
    }
    if (classWeights === "none" || kind === "presence") return labels.map(() => 1);
    const total = pixels.reduce((a, b) => a + b, 0);
    const roots = Array.from(pixels, (n) => Math.sqrt(total / n));
    const mean = roots.reduce((sum, root, c) => sum + (root * pixels[c]!) / total, 0);
    return roots.map((root) => root / mean);
  });
}
