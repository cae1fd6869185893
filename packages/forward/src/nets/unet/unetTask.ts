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
import type { Parameters } from "../training/parameters.ts";
import { computeShards, sumShards } from "../training/shards.ts";
import type { NetworkTask } from "../training/trainNetwork.ts";
import { type LossSettings, labelledImages, lossTotals } from "./pixelLoss.ts";
import { type ShardInput, unetLoss, unetShard } from "./unetShard.ts";
import { initialParameters, outputsOf, type UNetSpec } from "./unetSpec.ts";

/** Images whose pixels are normalised together in training; part of the result, unlike the number of threads. */
const SHARD = 2;
/** Of the 4 GiB that WebAssembly can address. */
const MEMORY_LIMIT = 3.5 * 2 ** 30;
const MODULE = new URL(import.meta.url.endsWith(".ts") ? "./unetShard.ts" : "./unetShard.js", import.meta.url).href;

export interface UNetTaskSettings {
  readonly spec: UNetSpec;
  readonly backend: NetBackend;
  readonly labelWeights: readonly number[];
  readonly diceWeight: number;
  readonly normalisation: Normalisation;
  /** Instead of random weights, for the parameters that it has. */
  readonly start?: Parameters | undefined;
}

/** @throws ShapeError, DataError or DomainError for sources that cannot train this network */
export function checkSource(who: string, source: BatchSource, filters: readonly number[], outputs: number): void {
  if (source.targetsPer !== "pixel") {
    throw new DataError(`${who}: targets per ${source.targetsPer}; a U-Net learns one per pixel`);
  }
  if (source.length < 1 || outputs < 1) throw new DataError(`${who}: no batches or no targets`);
  checkSize(who, source.imageShape, filters, SHARD);
}

/**
 * @param images - that are worked on together
 * @throws ShapeError for sides that are no multiples of the coarsest pixel; DomainError where they do not fit into memory
 */
export function checkSize(
  who: string,
  [height, width, channels]: readonly [number, number, number],
  filters: readonly number[],
  images: number,
): void {
  const coarsest = 2 ** (filters.length - 1);
  if (height % coarsest !== 0 || width % coarsest !== 0 || height === 0 || width === 0) {
    throw new ShapeError(
      `${who}: images of ${width} × ${height} px; with ${filters.length} levels both must be multiples of ${coarsest}. Use other patches or fewer filters`,
    );
  }
  const bytes = (images / SHARD) * unetTrainingBytes({ heightPx: height, widthPx: width, channels, filters });
  if (bytes > MEMORY_LIMIT) {
    const side = coarsest * Math.floor(Math.sqrt((height * width * MEMORY_LIMIT) / bytes) / coarsest);
    throw new DomainError(
      `${who} on images of ${width} × ${height} px needs about ${(bytes / 2 ** 30).toFixed(1)} GiB per thread, more than WebAssembly can address; patches of ${side} px fit`,
    );
  }
}

/**
 * About how many bytes each thread needs to train a U-Net on patches of a size: two of them, the values between input and output that the way back
 * needs, and as many gradients. The batch does not matter, as its patches are worked on two at a time.
 *
 * @example
 * unetTrainingBytes({ heightPx: 128, widthPx: 128, channels: 1, filters: [12, 24, 48, 64, 96] }) / 2 ** 20; // MiB
 */
export function unetTrainingBytes(size: {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
  readonly filters: readonly number[];
}): number {
  const { heightPx, widthPx, channels, filters } = size;
  const pixels = heightPx * widthPx;
  let floats = 3 * pixels * channels;
  for (const [level, n] of filters.entries()) {
    const below = filters[level + 1];
    floats += (pixels / 4 ** level) * (below === undefined ? 8 * n : 16 * n + 3 * (n + below));
  }
  return 4 * SHARD * floats;
}

export function createUNetTask(
  name: string,
  settings: UNetTaskSettings,
  train: BatchSource,
  validation: BatchSource,
  run: RunContext,
): NetworkTask {
  const { spec, backend, labelWeights, diceWeight, normalisation } = settings;
  const { targets } = train;
  const prepare = (parameters: Parameters, { shape, x, y, weights }: ImageBatch): ShardInput => {
    const loss: LossSettings = {
      targets,
      labelWeights,
      diceWeight,
      totals: lossTotals(targets, labelWeights, y, weights).map((total) => (total > 0 ? total : 1)),
      labelledImages: Math.max(1, labelledImages(shape[0], weights)),
    };
    return { spec, backend, parameters, loss, shape, x: standardise(x, normalisation), y, weights };
  };
  const batches = batchesAhead(train, run);
  return {
    name,
    parameters: { ...initialParameters(spec, run.random.fork("weights")), ...settings.start },
    stepsPerEpoch: train.length,
    isDecayed: (parameter) => parameter.endsWith(".filter"),
    async step(parameters, epoch, i) {
      const batch = await batches.batch(epoch, i);
      checkBatch(name, batch, train, outputsOf(targets));
      const working = computeShards(MODULE, unetShard, shards(prepare(parameters, batch)), run);
      batches.prepareNext(epoch, i);
      return sumShards(parameters, await working);
    },
    async validate(parameters) {
      let sum = 0;
      let total = 0;
      const group = 8;
      for (let i = 0; i < validation.length; i += group) {
        run.signal?.throwIfAborted();
        const inputs: ShardInput[] = [];
        for (let j = i; j < Math.min(i + group, validation.length); j++) {
          const batch = await validation.batch(j, run.random.fork("validation"));
          checkBatch(name, batch, validation, outputsOf(targets));
          inputs.push(prepare(parameters, batch));
        }
        const losses = await computeShards(MODULE, unetLoss, inputs, run);
        for (const [j, input] of inputs.entries()) {
          const weight = input.weights.reduce((a, w) => a + w, 0);
          sum += weight * losses[j]!; // one per input
          total += weight;
        }
      }
      if (total === 0) throw new DataError(`${name}: no pixel of the validation batches has a label`);
      return sum / total;
    },
  };
}

function checkBatch(who: string, batch: ImageBatch, source: BatchSource, outputs: number): void {
  const [n, height, width, channels] = batch.shape;
  const [h, w, c] = source.imageShape;
  const pixels = n * height * width;
  const fits = height === h && width === w && channels === c && batch.x.length === pixels * c;
  if (fits && batch.y.length === pixels * outputs && batch.weights.length === pixels) return;
  throw new ShapeError(
    `${who}: a batch [${batch.shape.join(", ")}] with ${batch.y.length} targets and ${batch.weights.length} weights does not fit images of [${source.imageShape.join(", ")}] with ${outputs} outputs`,
  );
}

function shards(input: ShardInput): ShardInput[] {
  const [n, height, width, channels] = input.shape;
  const pixels = height * width;
  const outputs = input.spec.outputs;
  const parts: ShardInput[] = [];
  for (let i = 0; i < n; i += SHARD) {
    const end = Math.min(n, i + SHARD);
    parts.push({
      ...input,
      shape: [end - i, height, width, channels],
      x: input.x.slice(i * pixels * channels, end * pixels * channels),
      y: input.y.slice(i * pixels * outputs, end * pixels * outputs),
      weights: input.weights.slice(i * pixels, end * pixels),
    });
  }
  return parts;
}
