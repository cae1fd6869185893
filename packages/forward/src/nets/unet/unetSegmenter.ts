import {
  type BatchTarget,
  createRaster,
  DataError,
  IncompatibleError,
  type Raster,
  type Segmenter,
  type Serialized,
  StoredReader,
} from "@materiome/core";
import { NET_BACKENDS, type NetBackend } from "../engine.ts";
import { type Normalisation, standardise } from "../training/normalisation.ts";
import { decodeParameters, encodeParameters, type Parameters } from "../training/parameters.ts";
import { readCurve, readNormalisation, readNumbers, readTargets } from "../training/readStored.ts";
import type { EpochRecord } from "../training/trainNetwork.ts";
import { logistic, softmax } from "./pixelLoss.ts";
import { segmentByParts } from "./segmentByParts.ts";
import { unetOutputs } from "./unetShard.ts";
import { checkFilters, haloOf, lengthsOf, outputsOf, type UNetSpec } from "./unetSpec.ts";

/**
 * A trained U-Net. `segmentTile` gives one channel per entry of `classes`: probabilities of the classes (which sum to 1), then of targets of
 * kind `presence`, each on its own, and values, in the order of `targets`. Large tiles are computed in parts, with the same result in a bounded
 * memory.
 */
export interface UNetSegmenter extends Segmenter {
  /** What was learned; `classes` lists their labels. */
  readonly targets: readonly BatchTarget[];
  readonly channels: number;
  readonly filters: readonly number[];
  readonly bestEpoch: number;
  /** Losses of each epoch. */
  readonly learningCurve: readonly EpochRecord[];
}

/** All of a trained network but its weights. */
export interface UNetSettings {
  readonly spec: UNetSpec;
  readonly targets: readonly BatchTarget[];
  readonly normalisation: Normalisation;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
  readonly backend: NetBackend;
}

export interface UNetParts extends UNetSettings {
  readonly parameters: Parameters;
}

const TYPE = "materiome/unet-segmenter";
const VERSION = 1;

const PARTS = new WeakMap<UNetSegmenter, UNetParts>();

/** @throws IncompatibleError for a segmenter that is none of ours */
export function partsOf(who: string, segmenter: UNetSegmenter): UNetParts {
  const parts = PARTS.get(segmenter);
  if (parts !== undefined) return parts;
  throw new IncompatibleError(`${who}: the segmenter is no U-Net of createUNetSegmenter or readUNetSegmenter`);
}

/**
 * Weights and normalisation of a trained U-Net for another that is to be trained on images of so many channels; without the last layer.
 *
 * @throws IncompatibleError for other channels, or a segmenter that is none of ours
 */
export function weightsToStartFrom(
  who: string,
  segmenter: UNetSegmenter,
  channels: number,
): { readonly parameters: Parameters; readonly normalisation: Normalisation } {
  const parts = partsOf(who, segmenter);
  if (parts.spec.channels !== channels) {
    throw new IncompatibleError(
      `${who}: the pretrained U-Net takes ${parts.spec.channels} channels, the training images have ${channels}`,
    );
  }
  const kept = Object.entries(parts.parameters).filter(([name]) => !name.startsWith("head."));
  return { parameters: Object.fromEntries(kept), normalisation: parts.normalisation };
}

export function createSegmenter(parts: UNetParts): UNetSegmenter {
  const { spec, targets, normalisation, parameters, bestEpoch, curve, backend } = parts;
  const coarsest = 2 ** (spec.filters.length - 1);
  const outputsOfPart = async (data: Float32Array, width: number, height: number): Promise<Float32Array> => {
    const fullWidth = coarsest * Math.ceil(width / coarsest);
    const fullHeight = coarsest * Math.ceil(height / coarsest);
    const shape = [1, fullHeight, fullWidth, spec.channels] as const;
    const padded = mirror(standardise(data, normalisation), width, height, spec.channels, fullWidth, fullHeight);
    return cut(await unetOutputs(spec, backend, parameters, shape, padded), fullWidth, spec.outputs, width, height);
  };
  const segmenter: UNetSegmenter = {
    module: import.meta.url,
    classes: targets.flatMap(({ labels }) => labels),
    targets,
    channels: spec.channels,
    filters: spec.filters,
    halo: haloOf(spec),
    alignment: coarsest,
    bestEpoch,
    learningCurve: curve,
    async segmentTile(tile) {
      checkTile(tile, spec.channels);
      const { width, height } = tile;
      const found = await segmentByParts(spec, tile.data, width, height, outputsOfPart);
      let start = 0;
      for (const { kind, labels } of targets) {
        const convert = kind === "classes" ? softmax : logistic;
        for (let p = start; kind !== "values" && p < found.length; p += spec.outputs) convert(labels.length, found, p);
        start += labels.length;
      }
      return createRaster(found, width, height, { channels: spec.outputs, pixelSizeUm: tile.pixelSizeUm });
    },
    toJSON(): Serialized {
      const stored = storeUNetSettings(parts);
      return { ...stored, state: { ...(stored.state as object), parameters: encodeParameters(parameters) } };
    },
  };
  PARTS.set(segmenter, parts);
  return segmenter;
}

/** The stored form of a network without its weights. */
export function storeUNetSettings(settings: UNetSettings): Serialized {
  const { spec, targets, normalisation, bestEpoch, curve, backend } = settings;
  return {
    type: TYPE,
    version: VERSION,
    params: {
      channels: spec.channels,
      filters: spec.filters,
      targets: targets.map((target) => ({ ...target })),
      backend,
    },
    state: {
      mean: normalisation.mean,
      deviation: normalisation.deviation,
      bestEpoch,
      curve: curve.map((record) => ({ ...record })),
    },
  };
}

function checkTile(tile: Raster<Float32Array>, channels: number): void {
  if (tile.channels !== channels || (tile.depth ?? 1) !== 1) {
    const kind = channels === 1 ? "grey images" : `images of ${channels} channels`;
    throw new IncompatibleError(
      `U-Net: the model was trained on ${kind}, got ${tile.channels} channels; convert the image as the training images were`,
    );
  }
  const bad = tile.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const pixel = Math.floor(bad / channels);
    throw new DataError(
      `U-Net: pixel (${pixel % tile.width}, ${Math.floor(pixel / tile.width)}) is ${tile.data[bad]}, expected finite numbers`,
    );
  }
}

/** Mirrors the image behind its right and lower edges. */
function mirror(
  x: Float32Array,
  width: number,
  height: number,
  channels: number,
  fullWidth: number,
  fullHeight: number,
): Float32Array {
  if (fullWidth === width && fullHeight === height) return x;
  const out = new Float32Array(fullWidth * fullHeight * channels);
  const place = (i: number, n: number): number => {
    const j = i % (2 * n);
    return j < n ? j : 2 * n - 1 - j;
  };
  for (let i = 0; i < fullHeight; i++) {
    for (let j = 0; j < fullWidth; j++) {
      const from = (place(i, height) * width + place(j, width)) * channels;
      out.set(x.subarray(from, from + channels), (i * fullWidth + j) * channels);
    }
  }
  return out;
}

function cut(x: Float32Array, fullWidth: number, channels: number, width: number, height: number): Float32Array {
  if (fullWidth === width && x.length === width * height * channels) return x;
  const out = new Float32Array(width * height * channels);
  for (let i = 0; i < height; i++) {
    const from = i * fullWidth * channels;
    out.set(x.subarray(from, from + width * channels), i * width * channels);
  }
  return out;
}

/**
 * Reads a stored U-Net back; its predictions are bit for bit those of the one that was stored.
 *
 * @param data - what `toJSON` gave, through JSON
 * @throws IncompatibleError for another type or version
 * @throws FormatError for damaged content and for weights that do not fit the architecture
 * @example
 * const segmenter = readUNetSegmenter(JSON.parse(await readFile("phases.model.json", "utf8")));
 */
export function readUNetSegmenter(data: unknown): UNetSegmenter {
  return createSegmenter(readUNetParts("readUNetSegmenter", data));
}

export function readUNetParts(who: string, data: unknown): UNetParts {
  const settings = readUNetSettings(who, data);
  const { parameters } = (data as { readonly state: { readonly parameters?: unknown } }).state; // a record, just read
  return { ...settings, parameters: decodeParameters(who, parameters, lengthsOf(settings.spec)) };
}

/** Reads all but the weights. */
export function readUNetSettings(who: string, data: unknown): UNetSettings {
  const stored = new StoredReader(who);
  const { type, version, params, state } = stored.record(data, "the model");
  if (type !== TYPE || version !== VERSION) {
    throw new IncompatibleError(
      `${who}: expected "${TYPE}" of version ${VERSION}, found ${JSON.stringify(type)} of version ${JSON.stringify(version)}`,
    );
  }
  const settings = stored.record(params, "params");
  const values = stored.record(state, "state");
  const targets = readTargets(stored, settings["targets"]);
  const filters = readNumbers(stored, settings["filters"], "filters");
  checkFilters(who, filters);
  const channels = stored.number(settings["channels"], "channels");
  return {
    spec: { channels, filters, outputs: outputsOf(targets) },
    targets,
    normalisation: readNormalisation(who, stored, { mean: values["mean"], deviation: values["deviation"] }, channels),
    bestEpoch: stored.number(values["bestEpoch"], "bestEpoch"),
    curve: readCurve(stored, values["curve"]),
    backend: stored.oneOf(settings["backend"], NET_BACKENDS, "backend"),
  };
}

/** Reads what `UNetSegmenter.toJSON` gives. */
export const reader = {
  types: [TYPE] as readonly string[],
  read: async (data: unknown): Promise<UNetSegmenter> => readUNetSegmenter(data),
};
