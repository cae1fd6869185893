import type { MicrographSegmenter } from "./micrographSegmenter.ts";

/** How regions with a number each follow from what a net says of every pixel: its classes, and how far inside a region it lies. */
export interface InstanceRule {
  /**
   * grains: regions fill the image, and meet where the second class, that of boundaries, is most probable. particles: the first class is a
   * matrix; regions fill the other classes, and meet where the distance is least.
   */
  readonly kind: "grains" | "particles";
  /** How far the distance, 1 in the middle of a region, falls between two of them (`InstancesFromDistanceOptions`), above 0, at most 1. */
  readonly depth: number;
}

/** Of a model that tells regions apart. */
export interface InstanceOutputs extends InstanceRule {
  /** The same model with the distance as one class more, behind the others. */
  readonly outputs: MicrographSegmenter;
}

/** Smoothing of the predicted distance, px. */
export const INSTANCE_SMOOTH_PX = 1;
