import { type BatchSource, DataError, DomainError, type RunContext } from "@materiome/core";
import { calibrateTemperature } from "./calibration.ts";
import { viewsOf } from "./cnnShard.ts";
import { sourceOutputs } from "./cnnTask.ts";
import { type ImageClassifier, imageClassifier } from "./imageClassifier.ts";
import { fitImageNetwork, type ImageNetworkOptions, resolveImageNetwork } from "./imageNetwork.ts";

export interface ImageClassifierOptions extends ImageNetworkOptions {
  /** Share of each target that is spread evenly over all classes in training. @defaultValue 0 */
  readonly labelSmoothing?: number | undefined;
  /**
   * How much an image of each class counts: `balanced` by 1 / √(share of the class), mean 1 over the training images; `none` all alike; or
   * numbers by label. @defaultValue "none"
   */
  readonly classWeights?: "balanced" | "none" | Readonly<Record<string, number>> | undefined;
  /**
   * `temperature` divides the outputs by the number that makes the log loss of the validation images smallest; `none` leaves them.
   * @defaultValue "temperature"
   */
  readonly calibration?: "temperature" | "none" | undefined;
}

/** Trains networks that tell the class of an image; immutable. */
export interface ImageClassifierLearner {
  /**
   * Learns from batches of whole images, keeps the weights of the epoch of least log loss on validation images, which must be others, and
   * calibrates probabilities on these.
   *
   * The result depends on the batches, options and `run.random`, not on `run.threads` (each step is shared out in fixed parts).
   *
   * @throws DataError where targets are not one class per image, or a class has no training image
   * @throws ShapeError for images too small for the levels; IncompatibleError where validation images differ in kind
   * @throws DivergenceError where the loss is no longer a number, with the step and the best weights
   */
  fit(train: BatchSource, validation: BatchSource, run: RunContext): Promise<ImageClassifier>;
}

/**
 * A convolutional network from a whole image to the class it shows, such as a kind of defect: convolutions of 3 × 3 pixels with batch
 * normalisation and rectifier in levels of half the resolution each, mean and maximum of every channel of the last one, and a linear
 * layer. Trained by AdamW on cross entropy. Made for some hundred images: few weights, augmentation by the source, best weights by
 * validation images, probabilities calibrated on these.
 *
 * In training, normalisation is over eight images of a batch at a time; predictions use running statistics.
 *
 * @throws DomainError for options out of range
 * @see S. Ioffe, C. Szegedy, arXiv:1502.03167; C. Guo et al., arXiv:1706.04599 (calibration); M. Lin et al., arXiv:1312.4400 (mean
 * of each channel)
 * @example
 * const learner = createImageClassifier({ epochs: 40, views: "flips" });
 * const classifier = await learner.fit(trainImages, validationImages, { random: createRandom(1), threads: 2 });
 * const { probabilities, labels } = await classifier.predict([image]);
 */
export function createImageClassifier(options: ImageClassifierOptions = {}): ImageClassifierLearner {
  const who = "createImageClassifier";
  const { labelSmoothing = 0, classWeights = "none", calibration = "temperature" } = options;
  const resolved = resolveImageNetwork(who, options);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new DomainError(`${who}: labelSmoothing must be at least 0 and below 1, got ${labelSmoothing}`);
  }
  if (calibration !== "temperature" && calibration !== "none") {
    throw new DomainError(`${who}: calibration is "${String(calibration)}", expected "temperature" or "none"`);
  }
  return {
    async fit(train, validation, run) {
      const name = "image classifier";
      const targets = { labelSmoothing, classWeights };
      const fitted = await fitImageNetwork(name, "classes", resolved, options, targets, { train, validation }, run);
      const { settings, parameters } = fitted;
      const [target] = train.targets;
      if (target === undefined) throw new DataError(`${name}: no target`); // checked by the fit
      const { outputs, y, weights } = await sourceOutputs(name, settings, parameters, validation, resolved.views, run);
      const nViews = viewsOf(resolved.views);
      const k = target.labels.length;
      const found = calibration === "none" ? undefined : calibrateTemperature(outputs, nViews, k, y, weights);
      return imageClassifier({ ...fitted, target, views: resolved.views, calibration: found });
    },
  };
}
