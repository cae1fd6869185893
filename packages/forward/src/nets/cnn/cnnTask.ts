import {
  type BatchSource,
  DataError,
  DomainError,
  type ImageBatch,
  type RunContext,
  ShapeError,
} from "@materiome/core";
import type { NetBackend } from "../engine.ts";
import { batchesAhead } from "../training/batchesAhead.ts";
import { type Normalisation, standardise } from "../training/normalisation.ts";
import { type Parameters, shareParameters } from "../training/parameters.ts";
import { computeShards, sumShards } from "../training/shards.ts";
import type { NetworkTask } from "../training/trainNetwork.ts";
import {
  type CnnOutputsInput,
  type CnnShardInput,
  cnnOutputs,
  cnnShard,
  type ImageViews,
  viewsOf,
} from "./cnnShard.ts";
import { type CnnSpec, DEFAULT_STRIDE, defaultDepths, featuresOf, initialParameters } from "./cnnSpec.ts";
import { imageLoss, imageLossTotals } from "./imageLoss.ts";

/** Images that are normalised together in training; part of the result, unlike the number of threads. */
export const SHARD = 8;
/** Of the 4 GiB that WebAssembly can address. */
const MEMORY_LIMIT = 3.5 * 2 ** 30;
const MODULE = new URL(import.meta.url.endsWith(".ts") ? "./cnnShard.ts" : "./cnnShard.js", import.meta.url).href;

export interface CnnSettings {
  readonly spec: CnnSpec;
  readonly backend: NetBackend;
  readonly kind: "classes" | "values";
  readonly labelWeights: readonly number[];
  readonly labelSmoothing: number;
  readonly dropout: number;
  readonly normalisation: Normalisation;
  /** Mean and deviation of each value; 0 and 1 of classes. */
  readonly scale: Normalisation;
}

/** @throws DomainError for images of which a part of a batch does not fit into memory */
export function checkMemory(who: string, spec: CnnSpec): void {
  const { height, width } = spec;
  const bytes = imageTrainingBytes({ ...spec, heightPx: height, widthPx: width });
  if (bytes <= MEMORY_LIMIT) return;
  const side = Math.floor(Math.sqrt((height * width * MEMORY_LIMIT) / bytes));
  throw new DomainError(
    `${who}: training on images of ${width} × ${height} px needs about ${(bytes / 2 ** 30).toFixed(1)} GiB per thread, more than WebAssembly can address; images of ${side} px fit`,
  );
}

/**
 * About how many bytes each thread needs to train a network of whole images: eight of them, the values between input and output that the way back needs,
 * and as many gradients. The batch does not matter, as its images are worked on eight at a time.
 *
 * @param size - `filters`, `depths` and `stride` as of `createImageClassifier`
 * @example
 * imageTrainingBytes({ heightPx: 256, widthPx: 256, channels: 1, filters: [16, 32, 64, 128] }) / 2 ** 20; // MiB
 */
export function imageTrainingBytes(size: {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
  readonly filters: readonly number[];
  readonly depths?: readonly number[] | undefined;
  readonly stride?: 1 | 2 | undefined;
}): number {
  const { heightPx, widthPx, channels, filters, depths = defaultDepths(filters), stride = DEFAULT_STRIDE } = size;
  let floats = 3 * heightPx * widthPx * channels;
  for (const [level, n] of filters.entries()) {
    floats += (5 * (depths[level] ?? 1) * n * heightPx * widthPx) / (stride * 2 ** level) ** 2;
  }
  return 4 * SHARD * floats;
}

export function createCnnTask(
  name: string,
  settings: CnnSettings,
  train: BatchSource,
  validation: BatchSource,
  run: RunContext,
): NetworkTask {
  const { spec, backend, kind, labelWeights, normalisation } = settings;
  const pixels = spec.height * spec.width * spec.channels;
  const features = featuresOf(spec);
  const shardsOf = (parameters: Parameters, batch: ImageBatch, epoch: number, i: number): CnnShardInput[] => {
    checkBatch(name, batch, spec);
    const { y, weights } = targetsOf(settings, batch);
    if (kind === "classes") smooth(y, spec.outputs, settings.labelSmoothing);
    const x = standardise(batch.x, normalisation);
    const dropout = dropoutOf(settings.dropout, batch.shape[0] * features, run, epoch, i);
    const loss = { kind, labelWeights, totals: imageLossTotals(kind, labelWeights, y, weights) };
    const parts: CnnShardInput[] = [];
    for (let from = 0; from < batch.shape[0]; from += SHARD) {
      const part = (values: Float32Array, size: number): Float32Array =>
        values.slice(from * size, (from + SHARD) * size);
      parts.push({
        ...{ spec, backend, parameters, loss },
        x: part(x, pixels),
        y: part(y, spec.outputs),
        weights: part(weights, spec.outputs),
        dropout: dropout === undefined ? undefined : part(dropout, features),
      });
    }
    return parts;
  };
  const batches = batchesAhead(train, run);
  return {
    name,
    parameters: initialParameters(spec, run.random.fork("weights")),
    stepsPerEpoch: train.length,
    isDecayed: (parameter) => parameter.endsWith(".filter"),
    async step(parameters, epoch, i) {
      const parts = shardsOf(parameters, await batches.batch(epoch, i), epoch, i);
      const working = computeShards(MODULE, cnnShard, parts, run);
      batches.prepareNext(epoch, i);
      return sumShards(parameters, await working);
    },
    async validate(parameters) {
      const { outputs, y, weights } = await sourceOutputs(name, settings, parameters, validation, "none", run);
      const totals = imageLossTotals(kind, labelWeights, y, weights);
      return imageLoss({ kind, labelWeights, totals }, outputs, y, weights, new Float32Array(outputs.length));
    },
  };
}

/** Outputs [views, images, k] of all images of a source, with their targets and weights [images, k]. */
export async function sourceOutputs(
  who: string,
  settings: CnnSettings,
  parameters: Parameters,
  source: BatchSource,
  views: ImageViews,
  run: RunContext,
): Promise<{ readonly outputs: Float32Array; readonly y: Float32Array; readonly weights: Float32Array }> {
  const { spec } = settings;
  const images: Float32Array[] = [];
  const targets: Float32Array[] = [];
  const weights: Float32Array[] = [];
  for (let i = 0; i < source.length; i++) {
    run.signal?.throwIfAborted();
    const batch = await source.batch(i, run.random.fork("validation"));
    checkBatch(who, batch, spec);
    const known = targetsOf(settings, batch);
    images.push(standardise(batch.x, settings.normalisation));
    targets.push(known.y);
    weights.push(known.weights);
  }
  const y = joined(targets);
  return {
    outputs: await imageOutputs(settings, parameters, joined(images), views, run),
    y,
    weights: joined(weights),
  };
}

/** Outputs, or what the last layer is given, [views, images, k], of normalised images, in parts of fixed size. */
export async function imageOutputs(
  { spec, backend }: Pick<CnnSettings, "spec" | "backend">,
  parameters: Parameters,
  x: Float32Array,
  views: ImageViews,
  run: Pick<RunContext, "threads" | "signal">,
  isWithoutHead = false,
): Promise<Float32Array> {
  const columns = isWithoutHead ? featuresOf(spec) : spec.outputs;
  const pixels = spec.height * spec.width * spec.channels;
  const n = x.length / pixels;
  const shared = shareParameters(parameters);
  const parts: CnnOutputsInput[] = [];
  for (let from = 0; from < n; from += 2 * SHARD) {
    parts.push({
      ...{ spec, backend, parameters: shared, views, isWithoutHead },
      x: x.slice(from * pixels, (from + 2 * SHARD) * pixels),
    });
  }
  const found = await computeShards(MODULE, cnnOutputs, parts, run);
  const nViews = viewsOf(views);
  const outputs = new Float32Array(nViews * n * columns);
  for (const [p, values] of found.entries()) {
    const size = values.length / nViews;
    for (let view = 0; view < nViews; view++) {
      outputs.set(values.subarray(view * size, (view + 1) * size), (view * n + 2 * SHARD * p) * columns);
    }
  }
  return outputs;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Targets as the network learns them, and a weight for each, 0 where it is not known. */
function targetsOf(
  { spec, kind, scale }: Pick<CnnSettings, "spec" | "kind" | "scale">,
  batch: ImageBatch,
): { readonly y: Float32Array; readonly weights: Float32Array } {
  const k = spec.outputs;
  const weights = batch.y.map((_, i) => (batch.known?.[i] === 0 ? 0 : batch.weights[Math.floor(i / k)]!)); // one per image
  const y = kind === "classes" ? batch.y.slice() : standardise(batch.y, scale);
  return { y, weights };
}

function smooth(y: Float32Array, k: number, share: number): void {
  if (share === 0) return;
  for (let i = 0; i < y.length; i++) y[i] = (1 - share) * y[i]! + share / k; // i < length
}

/** Each factor 0 with the given chance, else what keeps the mean. */
function dropoutOf(rate: number, n: number, run: RunContext, epoch: number, i: number): Float32Array | undefined {
  if (rate === 0) return undefined;
  const draw = run.random.fork("dropout").fork(epoch).fork(i);
  return Float32Array.from({ length: n }, () => (draw.next() < rate ? 0 : 1 / (1 - rate)));
}

function checkBatch(who: string, batch: ImageBatch, { height, width, channels, outputs }: CnnSpec): void {
  const [n, h, w, c] = batch.shape;
  const fits = h === height && w === width && c === channels && batch.x.length === n * h * w * c;
  const isKnown = batch.known === undefined || batch.known.length === n * outputs;
  if (n > 0 && fits && isKnown && batch.y.length === n * outputs && batch.weights.length === n) return;
  throw new ShapeError(
    `${who}: a batch [${batch.shape.join(", ")}] with ${batch.y.length} targets and ${batch.weights.length} weights does not fit images of [${height}, ${width}, ${channels}] with ${outputs} outputs`,
  );
}

/** @throws DataError unless targets are per image and all of the wanted kind */
export function checkImageSource(who: string, source: BatchSource, kind: "classes" | "values"): void {
  if (source.targetsPer !== "image") {
    throw new DataError(`${who}: targets per ${source.targetsPer}; this network learns one row per image`);
  }
  if (source.length < 1) throw new DataError(`${who}: no batches`);
  const isOne = kind === "values" ? source.targets.length > 0 : source.targets.length === 1;
  if (isOne && source.targets.every((target) => target.kind === kind)) return;
  const found = source.targets.map((target) => `"${target.name}" (${target.kind})`).join(", ") || "none";
  throw new DataError(
    `${who}: targets are ${found}; expected ${kind === "classes" ? "one of kind classes" : "only those of kind values"}`,
  );
}
