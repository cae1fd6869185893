import { DataError, IncompatibleError, type Raster, type Serialized } from "@materiome/core";
import {
  type ChannelKind,
  channelKind,
  channelPlanes,
  type GreyStatistics,
  greyStatistics,
  pickChannels,
  requireFinite,
  standardise,
} from "./channelPlanes.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";
import { type BankSpec, createBanks } from "./pixelStage.ts";
import { type PortableStage, predictTiles, type RunOptions } from "./predictImage.ts";

/** Tells the class of pixels from features of their neighbourhood. Made by `trainPixelClassifier` or `readPixelClassifier`. */
export interface PixelClassifier extends MicrographSegmenter {
  /** Names of the features of all stages, in the order in which the learner saw them. */
  readonly featureNames: readonly string[];
  readonly nStages: number;
  forStatistics(statistics: GreyStatistics): PixelClassifier;
}

export interface PixelClassifierParts {
  readonly classes: readonly string[];
  readonly channels: ChannelKind;
  readonly normalise: "none" | "image";
  readonly pixelSizeUm: number | undefined;
  /** Probabilities are multiplied by these and made to sum to 1 again. */
  readonly classFactors: readonly number[];
  /** One, or two with auto-context. */
  readonly stages: readonly PortableStage[];
  readonly spec: BankSpec;
}

export const PIXEL_CLASSIFIER_TYPE = "materiome/pixel-classifier";
export const PIXEL_CLASSIFIER_VERSION = 1;

export function createPixelClassifier(parts: PixelClassifierParts, statistics?: GreyStatistics): PixelClassifier {
  const { classes, channels, normalise, spec, stages } = parts;
  const banks = createBanks(spec);
  const halo = banks.image.haloPx + (banks.context?.haloPx ?? 0);
  const features = [...banks.image.features, ...(banks.context?.features ?? [])];
  const classify = async (
    image: Raster<Float32Array>,
    tilePx: number,
    run: RunOptions,
    of: GreyStatistics | undefined,
  ): Promise<Raster<Float32Array>> => {
    requireChannels("pixel classifier", image, channels);
    requireFinite(image, "pixel classifier");
    const planes = preparePlanes(image, normalise, of);
    const out = await predictStages(stages, planes, classes.length, tilePx, run);
    weightClasses(out.data, parts.classFactors);
    return out;
  };
  return {
    classes,
    channels,
    normalise,
    halo,
    featureNames: features.map(({ name }) => name),
    pixelSizeUm: parts.pixelSizeUm,
    nStages: stages.length,
    module: import.meta.url,
    forStatistics: (known) => createPixelClassifier(parts, known),
    classify: (image, tilePx, run) => classify(image, tilePx, run, statistics),
    async segmentTile(tile) {
      requireStatistics("pixel classifier", normalise, statistics);
      return classify(tile, INNER_TILE_PX, { threads: 1 }, statistics);
    },
    toJSON: () => storePixelClassifier(parts),
  };
}

/** Features of larger tiles are computed in parts: memory stays that of `classifyPixels`, and so do the results. */
const INNER_TILE_PX = 256;

/** @throws DataError for a tile whose image is not known, of a model of standardised grey */
export function requireStatistics(
  who: string,
  normalise: "none" | "image",
  statistics: GreyStatistics | undefined,
): void {
  if (normalise === "none" || statistics !== undefined) return;
  throw new DataError(
    `${who}: segmentTile needs the grey statistics of the whole image, the model was trained on standardised grey; call forStatistics(imageStatistics(image)) first`,
  );
}

export function requireChannels(who: string, image: Raster<Float32Array>, channels: ChannelKind): void {
  const found = channelKind(image, who);
  if (found === channels) return;
  throw new IncompatibleError(
    `${who}: the model was trained on ${channels} images, this one is ${found}; ${
      channels === "grey" ? "pass its grey" : "pass the image with its three colour channels"
    }, or train a model on ${found} images`,
  );
}

export function preparePlanes(
  image: Raster<Float32Array>,
  normalise: "none" | "image",
  statistics?: GreyStatistics,
): Raster<Float32Array> {
  const planes = channelPlanes(image);
  if (normalise === "image") standardise(planes, statistics ?? greyStatistics(planes));
  return planes;
}

/** One stage after the other over the whole image. */
async function predictStages(
  stages: readonly PortableStage[],
  image: Raster<Float32Array>,
  nClasses: number,
  tilePx: number,
  run: RunOptions,
): Promise<Raster<Float32Array>> {
  const region = { x: 0, y: 0, width: image.width, height: image.height };
  let maps: Raster<Float32Array> | undefined;
  let out = new Float32Array(0);
  for (const stage of stages) {
    const { context } = stage.spec;
    const seen = maps === undefined || context === undefined ? undefined : pickChannels(maps, context.classes);
    out = new Float32Array(image.width * image.height * nClasses);
    await predictTiles(stage, [{ image, maps: seen, region, out }], nClasses, tilePx, run);
    maps = { ...image, data: out, channels: nClasses };
  }
  return { ...image, data: out, channels: nClasses };
}

/** p_c · f_c, made to sum to 1; in place. */
export function weightClasses(probabilities: Float32Array, factors: readonly number[]): void {
  const n = factors.length;
  if (factors.every((factor) => factor === factors[0])) return;
  for (let i = 0; i < probabilities.length; i += n) {
    let sum = 0;
    for (const [c, factor] of factors.entries()) sum += probabilities[i + c]! * factor; // n values a pixel, here and below
    for (const [c, factor] of factors.entries()) probabilities[i + c] = (probabilities[i + c]! * factor) / sum;
  }
}

function storePixelClassifier(parts: PixelClassifierParts): Serialized {
  const { classes, channels, normalise, pixelSizeUm, classFactors, spec, stages } = parts;
  const { context } = spec;
  return {
    type: PIXEL_CLASSIFIER_TYPE,
    version: PIXEL_CLASSIFIER_VERSION,
    params: {
      classes,
      channels,
      normalise,
      pixelSizeUm: pixelSizeUm ?? null,
      classFactors,
      features: {
        ...spec.features,
        stepShapes: spec.features.stepShapes.map(({ acrossPx, alongPx, relativeToPx = [] }) => ({
          acrossPx,
          alongPx,
          relativeToPx,
        })),
        lineShapes: spec.features.lineShapes.map(({ acrossPx, alongPx }) => ({ acrossPx, alongPx })),
      },
      context: context === undefined ? null : { ...context },
    },
    state: { stages: stages.map(({ model }) => ({ ...model.toJSON() })) },
  };
}
