import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { type NetBackend, openEngine, type TensorFlow } from "../engine.ts";
import type { ChannelStatistics } from "../layers/normalise.ts";
import type { Parameters } from "../training/parameters.ts";
import type { ShardOutput } from "../training/shards.ts";
import { contrastLoss } from "./contrastLoss.ts";
import { unetEncode } from "./unetForward.ts";
import { isTrained, type UNetSpec } from "./unetSpec.ts";

/** Numbers of an embedding, as published. */
export const EMBEDDING = 128;

export interface ContrastInput {
  readonly spec: UNetSpec;
  readonly backend: NetBackend;
  /** Of the way down, and of the projection. */
  readonly parameters: Parameters;
  readonly temperature: number;
  /** [views, height, width, channels], normalised: the first views of all patches, then the second ones. */
  readonly shape: readonly [number, number, number, number];
  readonly x: Float32Array;
}

/**
 * Loss, gradients and statistics of a whole batch: each view is compared with all others, and normalised with them, as in parts of a batch
 * views of one patch could be told by what they are normalised with.
 */
export async function contrastStep(input: ContrastInput): Promise<ShardOutput> {
  const { tf } = await openEngine(input.backend);
  const { spec, shape, temperature } = input;
  const names = Object.keys(input.parameters).filter(isTrained);
  const statistics: Record<string, ChannelStatistics> = {};
  const gradients: Record<string, Float32Array> = {};
  let loss = 0;
  tf.tidy(() => {
    const x = tf.tensor4d(input.x, [...shape]);
    // The loss is computed outside of TensorFlow.js, with its gradient.
    const objective = tf.customGrad((embeddings) => {
      const values = Float32Array.from((embeddings as Tensor).dataSync());
      const slope = new Float32Array(values.length);
      loss = contrastLoss(shape[0] / 2, temperature, values, slope);
      return { value: tf.scalar(loss), gradFunc: () => tf.tensor(slope, (embeddings as Tensor).shape) };
    });
    const evaluate = (...values: Tensor[]): Tensor => {
      const named = Object.fromEntries(names.map((name, i) => [name, values[i] as Tensor]));
      const collect = (name: string, found: ChannelStatistics): void => {
        statistics[name] = found;
      };
      return objective(embed(tf, spec, named, x, collect));
    };
    const tensors = names.map((name) => tf.tensor1d(Float32Array.from(input.parameters[name] as Float32Array)));
    const found = tf.grads(evaluate as never)(tensors);
    for (const [i, name] of names.entries()) gradients[name] = (found[i] as Tensor).dataSync() as Float32Array;
  });
  return { loss, gradients, statistics };
}

/** Loss of a batch, normalised by its own statistics as in training. */
export async function contrastValue(input: ContrastInput): Promise<number> {
  const { tf } = await openEngine(input.backend);
  const { spec, shape, temperature, parameters } = input;
  let values = new Float32Array(0);
  tf.tidy(() => {
    const named = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, tf.tensor1d(Float32Array.from(value))]),
    );
    const embeddings = embed(tf, spec, named, tf.tensor4d(input.x, [...shape]), () => undefined);
    values = Float32Array.from(embeddings.dataSync());
  });
  return contrastLoss(shape[0] / 2, temperature, values, new Float32Array(values.length));
}

/** Mean over the coarsest pixels, then two layers that are thrown away after training. */
function embed(
  tf: TensorFlow,
  spec: UNetSpec,
  parameters: Readonly<Record<string, Tensor>>,
  x: Tensor4D,
  collect: (name: string, statistics: ChannelStatistics) => void,
): Tensor4D {
  const coarsest = unetEncode(tf, spec, parameters, x, collect).at(-1) as Tensor4D; // a level at least
  const [, height, width, channels] = coarsest.shape;
  // As pooling and convolutions of one pixel, whose gradients are compiled.
  const pooled = tf.avgPool(coarsest, [height, width], 1, "valid");
  const layer = (input: Tensor4D, name: string, outputs: number): Tensor4D =>
    tf.conv2d(input, tf.reshape(parameters[name] as Tensor, [1, 1, channels, outputs]) as Tensor4D, 1, "same");
  const hidden = tf.relu(
    tf.add(layer(pooled, "projection0.filter", channels), parameters["projection0.shift"] as Tensor),
  );
  return layer(hidden as Tensor4D, "projection1.filter", EMBEDDING);
}
