import { type BatchSource, DomainError, type RunContext } from "@materiome/core";
import { measureErrors, viewMoments } from "./calibration.ts";
import { viewsOf } from "./cnnShard.ts";
import { sourceOutputs } from "./cnnTask.ts";
import { fitImageNetwork, type ImageNetworkOptions, resolveImageNetwork } from "./imageNetwork.ts";
import { type ImageRegressor, imageRegressor } from "./imageRegressor.ts";

export interface ImageRegressorOptions extends ImageNetworkOptions {
  /** Chance with which a new measurement lies between `lower` and `upper`. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/** Trains networks that tell values of an image; immutable. */
export interface ImageRegressorLearner {
  /**
   * Learns from batches of whole images whose targets are values, of which some may be unknown (`known` of the batches), keeps the weights
   * of the epoch of least error on validation images, which must be others, and takes deviations and intervals from the errors there.
   *
   * The result depends on the batches, options and `run.random`, not on `run.threads` (each step is shared out in fixed parts).
   *
   * @throws DataError where targets are not values of images, or one is unknown or the same in all training images, or unknown in all
   * validation images
   * @throws ShapeError for images too small for the levels; IncompatibleError where validation images differ in kind
   * @throws DivergenceError where the loss is no longer a number, with the step and the best weights
   */
  fit(train: BatchSource, validation: BatchSource, run: RunContext): Promise<ImageRegressor>;
}

/**
 * A convolutional network from a whole image to one or several properties: the network of `createImageClassifier` with values as outputs.
 * Trained by AdamW on the squared error of targets in units of their standard deviation.
 *
 * @throws DomainError for options out of range
 * @see S. Ioffe, C. Szegedy, arXiv:1502.03167; J. Lei et al., doi:10.1080/01621459.2017.1307116 (intervals from held-out errors)
 * @example
 * const learner = createImageRegressor({ epochs: 40 });
 * const regressor = await learner.fit(trainImages, validationImages, { random: createRandom(1), threads: 2 });
 * const { mean, lower, upper } = await regressor.predict([image]);
 */
export function createImageRegressor(options: ImageRegressorOptions = {}): ImageRegressorLearner {
  const who = "createImageRegressor";
  const { level = 0.9 } = options;
  const resolved = resolveImageNetwork(who, options);
  if (!(level > 0 && level < 1)) throw new DomainError(`${who}: level must lie between 0 and 1, got ${level}`);
  return {
    async fit(train, validation, run) {
      const name = "image regressor";
      const targets = { labelSmoothing: 0, classWeights: "none" } as const;
      const fitted = await fitImageNetwork(name, "values", resolved, options, targets, { train, validation }, run);
      const { settings, parameters } = fitted;
      const found = await sourceOutputs(name, settings, parameters, validation, resolved.views, run);
      const labels = train.targets.flatMap((target) => target.labels);
      const k = labels.length;
      const { mean, variance } = viewMoments(found.outputs, viewsOf(resolved.views));
      const errors = measureErrors(mean, variance, found.y, found.weights, k);
      return imageRegressor({ ...fitted, targets: train.targets, views: resolved.views, errors, level });
    },
  };
}
