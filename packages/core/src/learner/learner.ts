import type { FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { Random } from "../random/random.ts";
import type { Raster } from "../raster/raster.ts";
import type { RunContext } from "../run/run.ts";
import type { Portable } from "./portable.ts";
import type { ClassPrediction, Prediction } from "./prediction.ts";

/** What is known of training rows besides inputs and targets. Arrays have one entry per row. */
export interface RowInfo {
  readonly weights?: Float64Array | undefined;
  /** Known measurement variance of the target, target units squared. */
  readonly noiseVariance?: Float64Array | undefined;
  /** Group code per row: rows of one group must never be split between fitting and checking. */
  readonly groups?: Int32Array | undefined;
}

/** Regression targets, shape [nSamples, nTargets], with one unit ("" for none) per target. */
export interface Targets extends RowInfo {
  readonly kind: "regression";
  readonly values: Matrix;
  readonly units: readonly string[];
}

/** Class targets: `codes[i]` indexes `labels`. */
export interface Classes extends RowInfo {
  readonly kind: "classification";
  readonly codes: Int32Array;
  readonly labels: readonly string[];
}

/** A fitted, immutable predictor. Predictions are in target units and do not depend on the number of threads. */
export interface Model<X, P> extends Portable {
  predict(x: X, run?: Omit<RunContext, "random">): Promise<P>;
}

export type LearnerCapability = "multiTarget" | "weights" | "missing" | "noiseVariance";

/** Hyper-parameters, checked when constructed; `fit` returns a model and leaves the learner unchanged. */
export interface Learner<X, Y, M> extends Portable {
  readonly supports: ReadonlySet<LearnerCapability>;
  fit(x: X, y: Y, run: RunContext): Promise<M>;
}

export type AnyModel = Model<never, unknown>;
export type RegressionModel = Model<FeatureMatrix, Prediction>;
export type Regressor = Learner<FeatureMatrix, Targets, RegressionModel>;
export type PixelLearner = Learner<
  FeatureMatrix,
  Classes,
  Model<FeatureMatrix, ClassPrediction> & SyncPredict<ClassPrediction>
>;

/** Reads stored models and segmenters of the named types; `nested` reads those inside others (stacks, pixel classifiers). */
export interface ModelReader {
  readonly types: readonly string[];
  read(data: unknown, nested: ModelReader): Promise<Portable>;
}

// Capabilities beyond `predict`, found by type guard.

/** Predicts without a promise: for pixel loops and acquisition functions. */
export interface SyncPredict<P> {
  predictSync(x: Matrix): P;
}

/**
 * Class probabilities of many samples whose features lie in one array each, as images of features do: for pixel loops.
 * `planes[f][i]` is feature f of sample i; probability of class c goes to `out[i * nClasses + c]`, i < n. Values are those of
 * `predict` rounded to single precision. NaN among the first n values of a plane is refused.
 */
export interface PlanePredict {
  readonly labels: readonly string[];
  predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void;
}

/** Joint posterior at several points: mean [n] and covariance [n, n]. */
export interface JointPosterior {
  posterior(x: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
  samplePosterior(x: Matrix, nSamples: number, random: Random): Matrix;
}

/** Mean and variance with their gradients by the inputs, each gradient [n, d]. */
export interface PosteriorGradient {
  meanVarianceGradient(x: Matrix): {
    readonly mean: Float64Array;
    readonly variance: Float64Array;
    readonly dMean: Matrix;
    readonly dVariance: Matrix;
  };
}

/** Conditions on further points without refitting hyper-parameters. */
export interface Conditionable<S> {
  condition(x: Matrix, y: Float64Array): S;
}

/** Some channels of the targets of a batch, one per entry of `labels`. */
export interface BatchTarget {
  readonly name: string;
  /**
   * - `classes`: shares of classes that exclude each other, 0 … 1 with sum 1 (one-hot where one class is certain); softmax.
   * - `presence`: each channel 0 … 1 on its own, such as "is a boundary"; logistic.
   * - `values`: real numbers, such as a distance or a stress; regression.
   */
  readonly kind: "classes" | "presence" | "values";
  readonly labels: readonly string[];
}

/** One batch. Its arrays are fresh: whoever asked for it may change them or hand them to another thread. */
export interface ImageBatch {
  /** [batch, height, width, channels]. */
  readonly shape: readonly [number, number, number, number];
  /** Images, row-major in the order of `shape` (channels interleaved, as in a `Raster`). Finite. */
  readonly x: Float32Array;
  /** [batch, height, width, k] where `targetsPer` is "pixel", [batch, k] where it is "image"; k channels of all `targets`. */
  readonly yShape: readonly number[];
  /** Targets, row-major in the order of `yShape`. Finite; 0 in all channels where the weight is 0. */
  readonly y: Float32Array;
  /**
   * Weight of each pixel [batch, height, width] or image [batch], at least 0: a loss is Σ w loss / Σ w over the batch. 0: nothing
   * is known there and nothing is to be learned. A batch may have weight 0 everywhere.
   */
  readonly weights: Float32Array;
  /** Where `targetsPer` is "image": 1 for each number of `y` that is known, 0 for a gap, there `y` is 0. Absent: all are known. */
  readonly known?: Uint8Array | undefined;
}

/**
 * Batches of images for nets: who owns pictures makes them (sampling, augmentation), nets train on them.
 *
 * `batch(i, random)`, 0 ≤ i < length, depends on i and `random.key` alone, not on what was drawn before from either: batches may
 * be asked for in any order, again, or in several threads. Epoch e is `batch(i, random.fork(e))` for all i.
 */
export interface BatchSource {
  /** Batches of an epoch. */
  readonly length: number;
  /** [height, width, channels] of every image of every batch. */
  readonly imageShape: readonly [number, number, number];
  /** Channels of `y` in this order. */
  readonly targets: readonly BatchTarget[];
  readonly targetsPer: "pixel" | "image";
  batch(i: number, random: Random): ImageBatch | Promise<ImageBatch>;
}

/** Per-pixel class probabilities of a tile; `halo` pixels around it are needed for exact values. */
export interface Segmenter extends Portable {
  readonly classes: readonly string[];
  readonly halo: number;
  /**
   * With its halo, a tile begins and ends at multiples of this, or at the border of the image, for exact values: nets join pixels by
   * groups that are counted from the first. @defaultValue 1
   */
  readonly alignment?: number | undefined;
  segmentTile(tile: Raster<Float32Array>): Promise<Raster<Float32Array>>;
}

/** Learns a segmenter from batches of labelled patches; stops, or chooses its weights, by the validation batches. */
export interface SegmenterLearner<S extends Segmenter = Segmenter> {
  fit(train: BatchSource, validation: BatchSource, run: RunContext): Promise<S>;
}

/** Of a segmenter that asks several members or views: their mean, as `segmentTile`, and their variance per class and pixel. */
export interface SegmentVariance {
  segmentTileVariance(
    tile: Raster<Float32Array>,
  ): Promise<{ readonly mean: Raster<Float32Array>; readonly variance: Raster<Float32Array> }>;
}

export function supportsSegmentVariance(segmenter: object): segmenter is SegmentVariance {
  return typeof (segmenter as Partial<SegmentVariance>).segmentTileVariance === "function";
}

export function supportsSyncPredict<P>(model: object): model is SyncPredict<P> {
  return typeof (model as Partial<SyncPredict<P>>).predictSync === "function";
}

export function supportsPlanePredict(model: object): model is PlanePredict {
  return typeof (model as Partial<PlanePredict>).predictPlanes === "function";
}

export function supportsJointPosterior(model: object): model is JointPosterior {
  const candidate = model as Partial<JointPosterior>;
  return typeof candidate.posterior === "function" && typeof candidate.samplePosterior === "function";
}

export function supportsPosteriorGradient(model: object): model is PosteriorGradient {
  return typeof (model as Partial<PosteriorGradient>).meanVarianceGradient === "function";
}

export function supportsConditioning<S>(model: object): model is Conditionable<S> {
  return typeof (model as Partial<Conditionable<S>>).condition === "function";
}
