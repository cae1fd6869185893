import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { type NetBackend, openEngine, type TensorFlow } from "../engine.ts";
import type { ChannelStatistics } from "../layers/normalise.ts";
import type { Parameters } from "../training/parameters.ts";
import type { ShardOutput } from "../training/shards.ts";
import { isTrained } from "../unet/unetSpec.ts";
import { cnnForward } from "./cnnForward.ts";
import { type CnnSpec, featuresOf } from "./cnnSpec.ts";
import { type ImageLossSettings, imageLoss } from "./imageLoss.ts";

/** Some images of a batch, with all that their part of the gradient depends on. */
export interface CnnShardInput {
  readonly spec: CnnSpec;
  readonly backend: NetBackend;
  readonly parameters: Parameters;
  readonly loss: ImageLossSettings;
  /** [images, height, width, channels], normalised. */
  readonly x: Float32Array;
  /** [images, outputs], standardised where they are values. */
  readonly y: Float32Array;
  /** [images, outputs]: 0 where nothing is known. */
  readonly weights: Float32Array;
  /** Factors [images, features]. */
  readonly dropout?: Float32Array | undefined;
}

/** Loss, gradients and statistics of a part of a batch. Runs in this thread or, by `runTasks`, in another. */
export async function cnnShard(input: CnnShardInput): Promise<ShardOutput> {
  const { tf } = await openEngine(input.backend);
  const { spec, y, weights } = input;
  const n = y.length / spec.outputs;
  const names = Object.keys(input.parameters).filter(isTrained);
  const statistics: Record<string, ChannelStatistics> = {};
  const gradients: Record<string, Float32Array> = {};
  let loss = 0;
  tf.tidy(() => {
    const x = imagesOf(tf, spec, n, input.x);
    const dropout = input.dropout === undefined ? undefined : tf.tensor2d(input.dropout, [n, input.dropout.length / n]);
    // The loss is computed outside of TensorFlow.js, with its gradient.
    const objective = tf.customGrad((outputs) => {
      const values = Float32Array.from((outputs as Tensor).dataSync());
      const slope = new Float32Array(values.length);
      loss = imageLoss(input.loss, values, y, weights, slope);
      return { value: tf.scalar(loss), gradFunc: () => tf.tensor(slope, (outputs as Tensor).shape) };
    });
    const evaluate = (...values: Tensor[]): Tensor => {
      const named = Object.fromEntries(names.map((name, i) => [name, values[i] as Tensor]));
      const collect = (name: string, found: ChannelStatistics): void => {
        statistics[name] = found;
      };
      return objective(cnnForward(tf, spec, named, x, { collect, dropout }));
    };
    const tensors = names.map((name) => tf.tensor1d(Float32Array.from(input.parameters[name] as Float32Array)));
    const found = tf.grads(evaluate as never)(tensors);
    for (const [i, name] of names.entries()) gradients[name] = (found[i] as Tensor).dataSync() as Float32Array;
  });
  return { loss, gradients, statistics };
}

/** Which of the eight flips and quarter turns of a square the network is shown. */
export type ImageViews = "none" | "flips" | "square";

export interface CnnOutputsInput {
  readonly spec: CnnSpec;
  readonly backend: NetBackend;
  readonly parameters: Parameters;
  readonly views: ImageViews;
  /** Numbers before the last layer in place of outputs. @defaultValue false */
  readonly isWithoutHead?: boolean | undefined;
  readonly x: Float32Array;
}

export function viewsOf(views: ImageViews): number {
  return { none: 1, flips: 4, square: 8 }[views];
}

/** Outputs, or what the last layer is given, of each view of normalised images by the stored statistics, [views, images, columns]. */
export async function cnnOutputs(input: CnnOutputsInput): Promise<Float32Array> {
  const { spec, parameters, isWithoutHead = false } = input;
  const columns = isWithoutHead ? featuresOf(spec) : spec.outputs;
  const { tf } = await openEngine(input.backend);
  const n = input.x.length / (spec.height * spec.width * spec.channels);
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [name, tf.tensor1d(Float32Array.from(values))]),
    );
    const x = imagesOf(tf, spec, n, input.x);
    const out = new Float32Array(viewsOf(input.views) * n * columns);
    for (let view = 0; view < viewsOf(input.views); view++) {
      const values = tf.tidy(() => cnnForward(tf, spec, tensors, turned(tf, x, view), { isWithoutHead })).dataSync();
      out.set(values, view * n * columns);
    }
    return out;
  });
}

function imagesOf(tf: TensorFlow, { height, width, channels }: CnnSpec, n: number, x: Float32Array): Tensor4D {
  return tf.tensor4d(x, [n, height, width, channels]);
}

/** Bits of the view: mirrored left to right, top to bottom, axes exchanged. */
function turned(tf: TensorFlow, x: Tensor4D, view: number): Tensor4D {
  const axes = [view & 1 ? 2 : 0, view & 2 ? 1 : 0].filter((axis) => axis > 0);
  const flipped = axes.length > 0 ? tf.reverse(x, axes) : x;
  return view & 4 ? tf.transpose(flipped, [0, 2, 1, 3]) : flipped;
}
