import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { classScores } from "@materiome/microstructure/compare";
import { type ClassicalRegions, type HeldOutRegionPair, type RegionScore, scoreRegions } from "./regionScores.ts";

/** How the labels of an image, or a part of one, were held out. */
export type HeldOutRole = "fold" | "test" | "validation";

/** What was predicted of an image that the model, or one like it, did not learn from. */
export interface HeldOutImage {
  readonly file: string;
  /** fold: by a model trained without it; test: looked at once; validation: chose the epoch, so that its scores are a little too good. */
  readonly role: HeldOutRole;
  /** The part of the image, where not all of it was held out. */
  readonly region?:
    | { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    | undefined;
  readonly grey: Raster<Float32Array>;
  /** Classes from 1; 0 in `truth` is not labelled. */
  readonly predicted: LabelMap;
  readonly truth: LabelMap;
  /** Where labels are regions: those found, with what is found without training, and the truth. */
  readonly regions?: (HeldOutRegionPair & { readonly classical: ClassicalRegions }) | undefined;
}

export interface HeldOutScore extends Pick<HeldOutImage, "file" | "role" | "region"> {
  readonly nLabelled: number;
  /** Σ intersections / Σ unions over the classes. */
  readonly microIou: number;
  /** Null where neither labels nor prediction hold the class. */
  readonly byClass: readonly { readonly name: string; readonly iou: number | null }[];
  /** Where labels are regions. */
  readonly regions?: RegionScore | undefined;
}

/** Scores on labelled pixels; null for an image without any. */
export function scoreHeldOut(
  held: Omit<HeldOutImage, "grey" | "regions"> & { readonly regions?: HeldOutRegionPair | undefined },
  classes: readonly string[],
): HeldOutScore | null {
  const { file, role, region, truth } = held;
  const regions = held.regions === undefined ? null : scoreRegions([held.regions]);
  const nLabelled = truth.data.reduce((n, label) => n + (label === 0 ? 0 : 1), 0);
  if (nLabelled === 0) return null;
  const { byClass, confusion } = classScores(onLabelled(held), truth, ["not labelled", ...classes]);
  const right = confusion.reduce((sum, row, k) => sum + (k === 0 ? 0 : (row[k] ?? 0)), 0);
  return {
    file,
    role,
    ...(region === undefined ? {} : { region }),
    nLabelled,
    microIou: right / (2 * nLabelled - right),
    byClass: byClass.slice(1).map(({ name, iou }) => ({ name, iou })),
    ...(regions === null ? {} : { regions }),
  };
}

/** The prediction, 0 where nothing is labelled. */
export function onLabelled({ predicted, truth }: Pick<HeldOutImage, "predicted" | "truth">): LabelMap {
  return { ...predicted, data: predicted.data.map((value, i) => (truth.data[i] === 0 ? 0 : value)) };
}

/** Mean over images of the IoU of each class, over those that hold it, and of the micro IoU; null where there are none. */
export function meanScores(
  scores: readonly HeldOutScore[],
  classes: readonly string[],
): { readonly microIou: number | null; readonly byClass: readonly (number | null)[] } {
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  return {
    microIou: mean(scores.map(({ microIou }) => microIou)),
    byClass: classes.map((_, k) => mean(scores.flatMap(({ byClass }) => byClass[k]?.iou ?? []))),
  };
}

/** A part of an image or of labels. */
export function cropTo<T extends Float32Array | Uint32Array>(
  image: Raster<T>,
  region: NonNullable<HeldOutImage["region"]>,
): Raster<T> {
  const { width, data, pixelSizeUm, channels } = image;
  const out = data.slice(0, region.width * region.height * channels) as T;
  for (let y = 0; y < region.height; y++) {
    const from = ((region.y + y) * width + region.x) * channels;
    out.set(data.subarray(from, from + region.width * channels), y * region.width * channels);
  }
  return createRaster(out, region.width, region.height, { pixelSizeUm, channels });
}

/** Scores of regions over the images held out in a way, beside those of what is found without training; undefined where labels are no regions. */
export interface RegionSummary {
  readonly role: HeldOutRole;
  readonly nImages: number;
  readonly model: RegionScore;
  /** Null where it found none in any image: with the reason. */
  readonly classical: (RegionScore & { readonly methods: readonly string[] }) | null;
  /** Why nothing was found in some images; there it counts as none found. */
  readonly classicalFailed: readonly string[];
}

export function summariseRegions(images: readonly HeldOutImage[], role: HeldOutRole): RegionSummary | undefined {
  const held = images.flatMap((image) => (image.role === role && image.regions !== undefined ? [image.regions] : []));
  const model = scoreRegions(held);
  if (model === null) return undefined;
  const none = (truth: LabelMap): LabelMap => ({ ...truth, data: new Uint32Array(truth.data.length) });
  const pairs = held.map(({ truth, classical }) => ({
    predicted: "labels" in classical ? classical.labels : none(truth),
    truth,
  }));
  const classical = scoreRegions(pairs);
  const methods = [...new Set(held.flatMap((one) => ("method" in one.classical ? [one.classical.method] : [])))];
  return {
    role,
    nImages: held.length,
    model,
    classical: classical === null || methods.length === 0 ? null : { ...classical, methods },
    classicalFailed: held.flatMap((one) => ("reason" in one.classical ? [one.classical.reason] : [])),
  };
}
