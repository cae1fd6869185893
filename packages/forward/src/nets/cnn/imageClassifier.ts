import {
  type BatchTarget,
  type ClassPrediction,
  createMatrix,
  FormatError,
  type Matrix,
  type Model,
  type Raster,
  type RunContext,
  StoredReader,
} from "@materiome/core";
import { standardise } from "../training/normalisation.ts";
import type { EpochRecord } from "../training/trainNetwork.ts";
import { type ImageCalibration, viewProbabilities } from "./calibration.ts";
import { type ImageViews, viewsOf } from "./cnnShard.ts";
import { imageOutputs } from "./cnnTask.ts";
import { imageFeatures } from "./imageFeatures.ts";
import { imagesToArray } from "./imageNetwork.ts";
import { type ImageNetwork, readNetwork, storeNetwork } from "./storedNetwork.ts";

export interface ImageClassPrediction extends ClassPrediction {
  /** Variance over the views of each probability, where there are several: where the network disagrees with itself. */
  readonly viewVariance?: Matrix | undefined;
}

/** A trained network that tells the class of images of one size. */
export interface ImageClassifier extends Model<readonly Raster<Float32Array>[], ImageClassPrediction> {
  readonly labels: readonly string[];
  /** [height, width, channels]. */
  readonly imageShape: readonly [number, number, number];
  readonly views: ImageViews;
  /**
   * What the last layer is given of each image, [nImages, nFeatures]: images that are alike to the network lie near each other (`fitNeighbourDomain`).
   * @throws as `predict`
   */
  features(images: readonly Raster<Float32Array>[], run?: Pick<RunContext, "threads" | "signal">): Promise<Matrix>;
  /** Undefined where none was wanted. */
  readonly calibration: ImageCalibration | undefined;
  readonly bestEpoch: number;
  /** Losses of each epoch. */
  readonly learningCurve: readonly EpochRecord[];
}

export const IMAGE_CLASSIFIER_TYPE = "materiome/image-classifier";

interface Parts extends ImageNetwork {
  readonly target: BatchTarget;
  readonly calibration: ImageCalibration | undefined;
}

export function imageClassifier(parts: Parts): ImageClassifier {
  const { settings, parameters, views, target, calibration, bestEpoch, curve } = parts;
  const { spec, normalisation } = settings;
  const { labels } = target;
  return {
    module: import.meta.url,
    labels,
    imageShape: [spec.height, spec.width, spec.channels],
    views,
    calibration,
    bestEpoch,
    learningCurve: curve,
    async predict(images, run = { threads: 1 }) {
      const x = standardise(imagesToArray("image classifier", images, spec), normalisation);
      const outputs = await imageOutputs(settings, parameters, x, views, run);
      const found = viewProbabilities(outputs, viewsOf(views), labels.length, calibration?.temperature ?? 1);
      const matrix = (data: Float64Array): Matrix => createMatrix(images.length, labels.length, data);
      const probabilities = matrix(found.mean);
      if (views === "none") return { kind: "classification", probabilities, labels };
      return { kind: "classification", probabilities, labels, viewVariance: matrix(found.variance) };
    },
    features: (images, run = { threads: 1 }) => imageFeatures("image classifier", parts, images, run),
    toJSON: () =>
      storeNetwork(IMAGE_CLASSIFIER_TYPE, parts, [target], {
        calibration: calibration === undefined ? null : { ...calibration },
      }),
  };
}

/**
 * Reads a stored classifier of images back; its predictions are bit for bit those of the one that was stored.
 *
 * @param data - what `toJSON` gave, through JSON
 * @throws IncompatibleError for another type or version
 * @throws FormatError for damaged content and for weights that do not fit the architecture
 * @example
 * const classifier = readImageClassifier(JSON.parse(await readFile("defects.model.json", "utf8")));
 */
export function readImageClassifier(data: unknown): ImageClassifier {
  const who = "readImageClassifier";
  const stored = new StoredReader(who);
  const { network, targets, state } = readNetwork(who, stored, IMAGE_CLASSIFIER_TYPE, data);
  const [target] = targets;
  if (target === undefined || targets.length > 1 || target.kind !== "classes") {
    throw new FormatError(`${who}: expected one target of kind classes, found ${targets.length}`);
  }
  return imageClassifier({ ...network, target, calibration: readCalibration(who, stored, state["calibration"]) });
}

function readCalibration(who: string, stored: StoredReader, data: unknown): ImageCalibration | undefined {
  if (data === null) return undefined;
  const record = stored.record(data, "calibration");
  const number = (name: string): number => stored.number(record[name], name);
  const temperature = number("temperature");
  if (!(temperature > 0)) throw new FormatError(`${who}: temperature must be above 0, found ${temperature}`);
  return {
    temperature,
    n: number("n"),
    logLossBefore: number("logLossBefore"),
    logLossAfter: number("logLossAfter"),
  };
}

/** Reads what `ImageClassifier.toJSON` gives. */
export const reader = {
  types: [IMAGE_CLASSIFIER_TYPE] as readonly string[],
  read: async (data: unknown): Promise<ImageClassifier> => readImageClassifier(data),
};
