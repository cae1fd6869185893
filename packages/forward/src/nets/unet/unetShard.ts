import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { type NetBackend, openEngine } from "../engine.ts";
import type { ChannelStatistics } from "../layers/normalise.ts";
import type { Parameters } from "../training/parameters.ts";
import type { ShardOutput } from "../training/shards.ts";
import { type LossSettings, pixelLoss } from "./pixelLoss.ts";
import { unetForward } from "./unetForward.ts";
import { unetPredict } from "./unetPredict.ts";
import { isTrained, type UNetSpec } from "./unetSpec.ts";

/** Some images of a batch, with all that their part of the gradient depends on. */
export interface ShardInput {
  readonly spec: UNetSpec;
  readonly backend: NetBackend;
  readonly parameters: Parameters;
  readonly loss: LossSettings;
  /** [images, height, width, channels], normalised. */
  readonly shape: readonly [number, number, number, number];
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly weights: Float32Array;
}

/** Loss, gradients and statistics of a part of a batch. Runs in this thread or, by `runTasks`, in another. */
export async function unetShard(input: ShardInput): Promise<ShardOutput> {
  const { tf } = await openEngine(input.backend);
  const { spec, shape, y, weights } = input;
  const names = Object.keys(input.parameters).filter(isTrained);
  const statistics: Record<string, ChannelStatistics> = {};
  let loss = 0;
  const gradients: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const x = tf.tensor4d(input.x, [...shape]);
    // The loss is computed outside of TensorFlow.js, with its gradient.
    const objective = tf.customGrad((outputs) => {
      const values = Float32Array.from((outputs as Tensor).dataSync());
      const slope = new Float32Array(values.length);
      loss = pixelLoss(input.loss, shape[0], values, y, weights, slope);
      return { value: tf.scalar(loss), gradFunc: () => tf.tensor(slope, (outputs as Tensor).shape) };
    });
    const evaluate = (...values: Tensor[]): Tensor => {
      const named = Object.fromEntries(names.map((name, i) => [name, values[i] as Tensor]));
      const collect = (name: string, found: ChannelStatistics): void => {
        statistics[name] = found;
      };
      return objective(unetForward(tf, spec, named, x as Tensor4D, collect));
    };
    const tensors = names.map((name) => tf.tensor1d(Float32Array.from(input.parameters[name] as Float32Array)));
    const found = tf.grads(evaluate as never)(tensors);
    for (const [i, name] of names.entries()) gradients[name] = (found[i] as Tensor).dataSync() as Float32Array;
  });
  return { loss, gradients, statistics };
}

/** Loss of a batch by the network as it predicts. */
export async function unetLoss(input: ShardInput): Promise<number> {
  const { shape, parameters, spec, y, weights } = input;
  const outputs = await unetOutputs(spec, input.backend, parameters, shape, input.x);
  return pixelLoss(input.loss, shape[0], outputs, y, weights, new Float32Array(outputs.length));
}

/** Outputs before softmax or logistic function of normalised images, by the stored statistics. */
export async function unetOutputs(
  spec: UNetSpec,
  backend: NetBackend,
  parameters: Parameters,
  shape: readonly [number, number, number, number],
  x: Float32Array,
): Promise<Float32Array> {
  const { tf } = await openEngine(backend);
  let values = new Float32Array(0);
  // Not returned by `tidy`, which would look for tensors in every number.
  tf.tidy(() => {
    const outputs = unetPredict(tf, spec, parameters, tf.tensor4d(x, [...shape]));
    values = outputs.dataSync() as Float32Array<ArrayBuffer>; // a copy
  });
  return values;
}
