import { type BatchSource, DataError, DomainError, type RunContext, type SegmenterLearner } from "@materiome/core";
import type { NetBackend } from "../engine.ts";
import { surveyImages } from "../training/normalisation.ts";
import { resolveTraining, type TrainingOptions, trainNetwork } from "../training/trainNetwork.ts";
import { checkViews, createContrastTask, encoderOf } from "./contrastTask.ts";
import { createSegmenter, type UNetSegmenter } from "./unetSegmenter.ts";
import { checkFilters, initialParameters, type UNetSpec } from "./unetSpec.ts";
import { checkSize } from "./unetTask.ts";

export interface ContrastiveUNetOptions extends TrainingOptions {
  /** As of the U-Net that is to start from it. @defaultValue [16, 32, 64] */
  readonly filters?: readonly number[];
  /** Small: patches that look alike are pushed apart the more. @defaultValue 0.1, as published */
  readonly temperature?: number;
  /** @defaultValue "wasm" */
  readonly backend?: NetBackend;
}

/** Trains the way down of U-Nets without labels; immutable. */
export interface ContrastiveUNetLearner extends SegmenterLearner<UNetSegmenter> {
  /**
   * @param train - batches of two views of each patch, the first ones of all patches before the second ones, as `contrastSource` of
   * `@materiome/microstructure/patches` makes them, without targets
   * @throws DataError for batches with targets, an odd number of views, or fewer than four; ShapeError for patches whose sides are no multiples of the coarsest pixel
   * @throws DomainError where a batch does not fit into memory
   * @throws DivergenceError where the loss is no longer a number, with the step and the best weights
   */
  fit(train: BatchSource, validation: BatchSource, run: RunContext): Promise<UNetSegmenter>;
}

/**
 * A U-Net to start from (`createUNetSegmenter({ pretrained })`), whose way down has learned without labels to tell patches apart: two views of one patch,
 * changed as images of one thing differ, are to be alike, those of all other patches of the batch not (SimCLR). The mean of the coarsest level goes
 * through two layers, which are thrown away. The way up and the outputs are left as they are drawn, and mean nothing.
 *
 * A batch is worked on whole, by one thread. Where all patches show the same structure there is little to tell apart: look whether it helps on
 * labelled images held out.
 *
 * @throws DomainError for options out of range
 * @see T. Chen, S. Kornblith, M. Norouzi, G. Hinton, Proc. ICML 2020, arXiv:2002.05709
 * @example
 * const pretrained = await createContrastiveUNet({ filters: [8, 16], epochs: 7 }).fit(views, otherViews, { random: createRandom(1), threads: 1 });
 * const learner = createUNetSegmenter({ pretrained, epochs: 14 });
 */
export function createContrastiveUNet(options: ContrastiveUNetOptions = {}): ContrastiveUNetLearner {
  const who = "createContrastiveUNet";
  const { filters = [16, 32, 64], temperature = 0.1, backend = "wasm" } = options;
  checkFilters(who, filters);
  resolveTraining(who, options);
  if (!(temperature >= 0.01 && temperature <= 10)) {
    throw new DomainError(`${who}: temperature must lie in 0.01 … 10, got ${temperature}`);
  }
  return {
    async fit(train, validation, run) {
      const name = "U-Net";
      for (const source of [train, validation]) {
        if (source.targetsPer !== "image" || source.targets.length > 0) {
          throw new DataError(
            `${name}: batches have targets; what is learned here are two views of each patch without any, as contrastSource makes them`,
          );
        }
        const first = await source.batch(0, run.random.fork(0));
        checkViews(name, first, train.imageShape[2]);
        checkSize(name, source.imageShape, filters, first.shape[0]);
      }
      const spec: UNetSpec = { channels: train.imageShape[2], filters: [...filters], outputs: 1 };
      const { normalisation } = await surveyImages(name, train, 0, run);
      const task = createContrastTask(name, { spec, backend, temperature, normalisation }, train, validation, run);
      const { parameters, bestEpoch, curve } = await trainNetwork(task, options, run);
      return createSegmenter({
        spec,
        targets: [{ name: "nothing", kind: "values", labels: ["not trained"] }],
        normalisation,
        parameters: { ...initialParameters(spec, run.random.fork("weights")), ...encoderOf(parameters) },
        ...{ bestEpoch, curve, backend },
      });
    },
  };
}
