import {
  type BatchTarget,
  createMatrix,
  FormatError,
  type Matrix,
  type Model,
  type Prediction,
  type Raster,
  type RunContext,
  StoredReader,
} from "@materiome/core";
import { standardise } from "../training/normalisation.ts";
import { readNumbers } from "../training/readStored.ts";
import type { EpochRecord } from "../training/trainNetwork.ts";
import { errorQuantile, type ValueErrors, viewMoments } from "./calibration.ts";
import { type ImageViews, viewsOf } from "./cnnShard.ts";
import { imageOutputs } from "./cnnTask.ts";
import { imageFeatures } from "./imageFeatures.ts";
import { imagesToArray } from "./imageNetwork.ts";
import { type ImageNetwork, readNetwork, storeNetwork } from "./storedNetwork.ts";

/**
 * A trained network that tells values of images of one size. Of a prediction, `std` is that of a new measurement: the errors on the validation
 * images and the variance over the views; `lower` and `upper` hold with the chance `level` for images like those. As the epoch was
 * chosen on the validation images, both are a little too small.
 */
export interface ImageRegressor extends Model<readonly Raster<Float32Array>[], Prediction> {
  readonly targets: readonly BatchTarget[];
  /** Labels of all targets: the columns of a prediction. */
  readonly labels: readonly string[];
  /** [height, width, channels]. */
  readonly imageShape: readonly [number, number, number];
  readonly views: ImageViews;
  /**
   * What the last layer is given of each image, [nImages, nFeatures]: images that are alike to the network lie near each other (`fitNeighbourDomain`).
   * @throws as `predict`
   */
  features(images: readonly Raster<Float32Array>[], run?: Pick<RunContext, "threads" | "signal">): Promise<Matrix>;
  /** Root mean square error on the validation images, per label. */
  readonly validationRmse: readonly number[];
  readonly bestEpoch: number;
  /** Losses of each epoch, in squared standard deviations of the targets. */
  readonly learningCurve: readonly EpochRecord[];
}

export const IMAGE_REGRESSOR_TYPE = "materiome/image-regressor";

interface Parts extends ImageNetwork {
  readonly targets: readonly BatchTarget[];
  readonly errors: readonly ValueErrors[];
  readonly level: number;
}

export function imageRegressor(parts: Parts): ImageRegressor {
  const { settings, parameters, views, targets, errors, level, bestEpoch, curve } = parts;
  const { spec, normalisation, scale } = settings;
  const labels = targets.flatMap((target) => target.labels);
  const k = labels.length;
  const factors = errors.map((error) => errorQuantile(error, level));
  return {
    module: import.meta.url,
    targets,
    labels,
    imageShape: [spec.height, spec.width, spec.channels],
    views,
    validationRmse: errors.map(({ rmse }, c) => rmse * scale.deviation[c]!), // one per label
    bestEpoch,
    learningCurve: curve,
    async predict(images, run = { threads: 1 }): Promise<Prediction> {
      const x = standardise(imagesToArray("image regressor", images, spec), normalisation);
      const outputs = await imageOutputs(settings, parameters, x, views, run);
      const found = viewMoments(outputs, viewsOf(views));
      const matrix = (data: Float64Array): Matrix => createMatrix(images.length, k, data);
      // One error, factor, mean and deviation per label, here and below.
      const mean = found.mean.map((value, i) => scale.mean[i % k]! + scale.deviation[i % k]! * value);
      const std = found.variance.map((v, i) => scale.deviation[i % k]! * Math.sqrt(errors[i % k]!.variance + v));
      const prediction = {
        kind: "regression",
        mean: matrix(mean),
        std: matrix(std),
        uncertainty: "total",
      } as const;
      if (factors.includes(undefined)) return prediction;
      const bound = (sign: 1 | -1): Matrix =>
        matrix(mean.map((value, i) => value + sign * (factors[i % k] ?? Number.NaN) * std[i]!));
      return { ...prediction, lower: bound(-1), upper: bound(1), level };
    },
    features: (images, run = { threads: 1 }) => imageFeatures("image regressor", parts, images, run),
    toJSON: () =>
      storeNetwork(IMAGE_REGRESSOR_TYPE, parts, targets, {
        errors: errors.map((error) => ({ ...error, ratios: [...error.ratios] })),
        level,
      }),
  };
}

/**
 * Reads a stored regressor of images back; its predictions are bit for bit those of the one that was stored.
 *
 * @param data - what `toJSON` gave, through JSON
 * @throws IncompatibleError for another type or version
 * @throws FormatError for damaged content and for weights that do not fit the architecture
 * @example
 * const regressor = readImageRegressor(JSON.parse(await readFile("hardness.model.json", "utf8")));
 */
export function readImageRegressor(data: unknown): ImageRegressor {
  const who = "readImageRegressor";
  const stored = new StoredReader(who);
  const { network, targets, state } = readNetwork(who, stored, IMAGE_REGRESSOR_TYPE, data);
  const errors = stored.list(state["errors"], "errors").map((record) => {
    const { n, variance, rmse, ratios } = stored.record(record, "errors of a target");
    return {
      n: stored.number(n, "n"),
      rmse: stored.number(rmse, "rmse"),
      variance: stored.number(variance, "variance"),
      ratios: readNumbers(stored, ratios, "ratios"),
    };
  });
  const k = targets.flatMap((target) => target.labels).length;
  const level = stored.number(state["level"], "level");
  if (errors.length !== k || !errors.every(({ variance }) => variance > 0) || !(level > 0 && level < 1)) {
    throw new FormatError(`${who}: errors and level do not fit ${k} values; the file is damaged`);
  }
  return imageRegressor({ ...network, targets, errors, level });
}

/** Reads what `ImageRegressor.toJSON` gives. */
export const reader = {
  types: [IMAGE_REGRESSOR_TYPE] as readonly string[],
  read: async (data: unknown): Promise<ImageRegressor> => readImageRegressor(data),
};
