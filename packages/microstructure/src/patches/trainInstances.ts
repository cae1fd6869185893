import {
  createRaster,
  DataError,
  DomainError,
  type LabelMap,
  type Raster,
  type RunContext,
  type Segmenter,
  type SegmenterLearner,
} from "@materiome/core";
import { connectedComponents } from "../kernels/index.ts";
import { instancesOf } from "../pixels/classifyInstances.ts";
import { cropRaster } from "../pixels/cropRaster.ts";
import { labelPixels } from "../pixels/labelPixels.ts";
import { createTrainedSegmenter } from "../pixels/trainedSegmenter.ts";
import type { TrainingImage } from "../pixels/trainPixelClassifier.ts";
import { distanceTarget } from "./distanceTarget.ts";
import { type FitImage, fitSegmenter, type TrainSegmenterOptions } from "./fitSegmenter.ts";
import { regionClasses } from "./regionClasses.ts";
import { cropLabels, type HeldOutLabels, type SegmenterTraining } from "./trainSegmenter.ts";

export interface TrainInstancesOptions extends Omit<TrainSegmenterOptions, "classes"> {
  /**
   * What the numbers of the labels are: particles in a matrix, which is 0; or grains that fill the image, with 0, where there is any, on lines between
   * them. @defaultValue "particles"
   */
  readonly kind?: "grains" | "particles" | undefined;
  /** Names of matrix and particles, or of grains and their boundaries. @defaultValue matrix, particle; grain, boundary */
  readonly classes?: readonly [first: string, second: string] | undefined;
  /**
   * How far the distance must fall between two regions: of these the one whose regions `quality` finds best on the images that choose the
   * epoch. @defaultValue 0.05, 0.1, 0.15, 0.2, 0.3
   */
  readonly depths?: readonly number[] | undefined;
}

/** Agreement of regions with the truth, larger is better: for instance `panopticQuality(predicted, truth).quality` of `/compare`. */
export type RegionQuality = (predicted: LabelMap, truth: LabelMap) => number;

export interface HeldOutRegions extends HeldOutLabels {
  /** What the model finds in the region of the image, and the truth there: regions from 1. */
  readonly regions: LabelMap;
  readonly trueRegions: LabelMap;
}

export interface InstanceTraining<S extends Segmenter> extends Omit<SegmenterTraining<S>, "heldOut"> {
  readonly heldOut: readonly HeldOutRegions[];
  /** Depths that were tried, each with the mean quality over the images that choose the epoch; the best is the model's. */
  readonly depths: readonly { readonly depth: number; readonly quality: number }[];
}

const WHO = "trainInstances";
const DEPTHS = [0.05, 0.1, 0.15, 0.2, 0.3];
const NAMES = { particles: ["matrix", "particle"], grains: ["grain", "boundary"] } as const;
const DISTANCE = { name: "distance", kind: "values", labels: ["distance"] } as const;

/**
 * Trains a net to tell regions apart that touch: of every pixel its class and how far inside its region it lies (`distanceTarget`, 1 in the middle of each
 * region), from labels in which each region has a number. The classifier gives regions back by a seed at each peak of the predicted distance and a
 * watershed (`classifyInstances`, `digitizeByModel`).
 *
 * Separate parts of one number are regions of their own. Every region of an image must be labelled: what is 0 teaches matrix, or boundary. Images are held
 * out as `trainSegmenter` does.
 *
 * @param images - `labels` of regions
 * @param learner - one that learns values besides classes, such as `createUNetSegmenter()` of @materiome/forward/nets
 * @param quality - chooses the depth
 * @throws as `trainSegmenter`; DomainError for depths out of range, DataError for labels without a region
 * @see P. Naylor et al., IEEE Trans. Med. Imaging 38, 448 (2019), doi:10.1109/TMI.2018.2865709 (regression of the distance)
 * @example
 * const { classifier } = await trainInstances(images, createUNetSegmenter({ epochs: 14 }), (found, truth) => panopticQuality(found, truth).quality, {
 *   kind: "particles",
 * }, { random: createRandom(1), threads: 2 });
 */
export async function trainInstances<S extends Segmenter>(
  images: readonly TrainingImage[],
  learner: SegmenterLearner<S>,
  quality: RegionQuality,
  options: TrainInstancesOptions,
  run: RunContext,
): Promise<InstanceTraining<S>> {
  const { kind = "particles", depths = DEPTHS, ...training } = options;
  if (kind !== "grains" && kind !== "particles") {
    throw new DomainError(`${WHO}: kind must be "grains" or "particles", got ${String(kind)}`);
  }
  if (depths.length === 0 || !depths.every((depth) => depth > 0 && depth <= 1)) {
    throw new DomainError(`${WHO}: depths must lie in 0 … 1, above 0, at least one, got [${depths.join(", ")}]`);
  }
  const classes = options.classes ?? NAMES[kind];
  const truths = images.map(({ labels, name = "" }, k) => {
    if (labels.data.some((label) => label > 0)) return separateRegions(labels, kind);
    throw new DataError(
      `${WHO}: ${name || `image ${k + 1}`} has no region, all its labels are 0; give labels in which each region has a number`,
    );
  });
  const prepared = images.map((image, k): FitImage => {
    const regions = truths[k]!; // one per image
    return { ...image, labels: regionClasses(regions, kind), values: distanceTarget(regions) };
  });
  const fitted = await fitSegmenter(prepared, learner, { ...training, classes }, run, [DISTANCE]);
  const { segmenter, settings, split, nLabelled, nTraining } = fitted;
  const whole = createTrainedSegmenter(segmenter, settings);
  const outputs: (Pick<HeldOutRegions, "image" | "region" | "role" | "trueRegions"> & {
    readonly found: Raster<Float32Array>;
  })[] = [];
  for (const role of ["validation", "test"] as const) {
    for (const { image, region } of split[role]) {
      const all = await whole.classify(images[image]!.image, 256, run); // an index of images, here and below
      const trueRegions = separateRegions(cropLabels(truths[image]!, region), kind);
      outputs.push({ image, region, role, trueRegions, found: cropRaster(all, region) });
    }
  }
  const chooses = outputs.filter(
    ({ role, trueRegions }) => role === "validation" && trueRegions.data.some((n) => n > 0),
  );
  const tried = depths.map((depth) => {
    const scores = chooses.map(({ found, trueRegions }) =>
      quality(instancesOf(found, { kind, depth }).regions, trueRegions),
    );
    return { depth, quality: scores.reduce((sum, score) => sum + score, 0) / scores.length };
  });
  if (chooses.length === 0) {
    throw new DataError(
      `${WHO}: the images that choose the epoch have no regions; name others, or label further images`,
    );
  }
  const { depth } = tried.reduce((best, next) => (next.quality > best.quality ? next : best));
  const instances = { kind, depth };
  return {
    classifier: createTrainedSegmenter(segmenter, { ...settings, instances }),
    segmenter,
    split,
    nLabelled,
    nTraining,
    depths: tried,
    heldOut: outputs.map(({ found, ...held }) => {
      const { regions, probabilities } = instancesOf(found, instances);
      return { ...held, regions, labels: labelPixels(probabilities) };
    }),
  };
}

/**
 * Regions 1 … n, one for each part of a number that hangs together: of grains over sides of pixels, of particles over corners too.
 *
 * @param labels - 0 is none
 * @example
 * const regions = separateRegions(labels, "particles");
 */
export function separateRegions(labels: LabelMap, kind: "grains" | "particles"): LabelMap {
  const { width, height, data, pixelSizeUm } = labels;
  const out = new Uint32Array(data.length);
  connectedComponents(width, height, data, kind === "grains" ? 4 : 8, out);
  return createRaster(out, width, height, { pixelSizeUm });
}
