import type { LabelMap, Portable, Raster } from "@materiome/core";
import type { HeldOutImage } from "./heldOutScores.ts";
import type { LearnedFrom } from "./learnedFrom.ts";

/** What a learner of `segment train` comes back with. */
export interface TrainedModel {
  readonly classifier: Portable;
  /** Pixels of each class that were learned from. */
  readonly nSampled: readonly number[];
  readonly nLabelled: readonly number[];
  readonly heldOut: readonly HeldOutImage[];
  /** Contents of the images that the classifier knows. */
  readonly learnedFrom: LearnedFrom;
  /** What the person should know. */
  readonly warnings: readonly string[];
  /** Further fields of the result. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly net?: LearnedNet | undefined;
  /** To be called when the model is written. */
  readonly finish?: (() => Promise<void>) | undefined;
}

/** How a net was learned. */
export interface LearnedNet {
  readonly learningCurve: readonly LearningEpoch[];
  readonly bestEpoch: number;
  /** The largest of the training. */
  readonly learningRate: number;
}

/** Losses of an epoch. */
export interface LearningEpoch {
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly learningRate: number;
}

/** A micrograph with its labels and the grey for pictures. */
export interface TrainingPair {
  readonly file: string;
  readonly labelFile: string;
  readonly image: Raster<Float32Array>;
  readonly grey: Raster<Float32Array>;
  /** Numbers of classes. */
  readonly labels: LabelMap;
  /** Where labels are regions: a number for each. */
  readonly regions?: LabelMap | undefined;
  readonly group?: string | undefined;
}

export function colourOf({ image }: TrainingPair): Raster<Float32Array> | undefined {
  return image.channels === 3 ? image : undefined;
}
