import {
  type BatchSource,
  DataError,
  type ImageBatch,
  type Random,
  type RunContext,
  ShapeError,
} from "@materiome/core";
import type { NetBackend } from "../engine.ts";
import { batchesAhead } from "../training/batchesAhead.ts";
import { type Normalisation, standardise } from "../training/normalisation.ts";
import type { Parameters } from "../training/parameters.ts";
import { sumShards } from "../training/shards.ts";
import type { NetworkTask } from "../training/trainNetwork.ts";
import { type ContrastInput, contrastStep, contrastValue, EMBEDDING } from "./contrastStep.ts";
import { initialParameters, type UNetSpec } from "./unetSpec.ts";

export interface ContrastTaskSettings {
  readonly spec: UNetSpec;
  readonly backend: NetBackend;
  readonly temperature: number;
  readonly normalisation: Normalisation;
}

/** The way down of a U-Net, of which no other part is trained. */
export function encoderOf(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => name.startsWith("down")));
}

export function createContrastTask(
  name: string,
  settings: ContrastTaskSettings,
  train: BatchSource,
  validation: BatchSource,
  run: RunContext,
): NetworkTask {
  const { spec, backend, temperature, normalisation } = settings;
  const prepare = (parameters: Parameters, batch: ImageBatch): ContrastInput => {
    checkViews(name, batch, spec.channels);
    return { spec, backend, parameters, temperature, shape: batch.shape, x: standardise(batch.x, normalisation) };
  };
  const batches = batchesAhead(train, run);
  const weights = run.random.fork("weights");
  return {
    name,
    parameters: { ...encoderOf(initialParameters(spec, weights)), ...projection(spec, weights) },
    stepsPerEpoch: train.length,
    isDecayed: (parameter) => parameter.endsWith(".filter"),
    async step(parameters, epoch, i) {
      return sumShards(parameters, [await contrastStep(prepare(parameters, await batches.batch(epoch, i)))]);
    },
    async validate(parameters) {
      let sum = 0;
      for (let i = 0; i < validation.length; i++) {
        run.signal?.throwIfAborted();
        sum += await contrastValue(prepare(parameters, await validation.batch(i, run.random.fork("validation"))));
      }
      return sum / validation.length;
    },
  };
}

/** @throws DataError unless there are two views each of two patches or more; ShapeError where the numbers of a batch do not fit it */
export function checkViews(who: string, { shape, x }: ImageBatch, channels: number): void {
  const [n, height, width, own] = shape;
  if (n < 4 || n % 2 !== 0) {
    throw new DataError(
      `${who}: a batch of ${n} images; two views of each patch are needed, and two patches at least to tell apart`,
    );
  }
  if (own === channels && x.length === n * height * width * channels) return;
  throw new ShapeError(
    `${who}: a batch [${shape.join(", ")}] with ${x.length} numbers does not fit ${channels} channels`,
  );
}

function projection({ filters }: UNetSpec, random: Random): Parameters {
  const width = filters.at(-1) as number; // a level at least
  const draw = (name: string, outputs: number, gain: number): Float32Array => {
    const stream = random.fork(name);
    return Float32Array.from({ length: width * outputs }, () => Math.sqrt(gain / width) * stream.normal());
  };
  return {
    "projection0.filter": draw("projection0", width, 2),
    "projection0.shift": new Float32Array(width),
    "projection1.filter": draw("projection1", EMBEDDING, 1),
  };
}
