import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { convolveRectify } from "../layers/convolveRectify.ts";
import { joinSkip } from "../layers/joinSkip.ts";
import { wrapBorder } from "../layers/wrapBorder.ts";
import type { Parameters } from "../training/parameters.ts";
import { foldBlock } from "./foldBlock.ts";
import { type Block, blocksOf, type UNetSpec } from "./unetSpec.ts";

/**
 * Outputs before softmax or logistic function [n, h, w, outputs] of x [n, h, w, channels], h and w multiples of the coarsest pixel, by
 * the stored statistics. Disposes of x, and of all between as soon as it was used: see `predictionFloats`.
 */
export function unetPredict(tf: TensorFlow, spec: UNetSpec, parameters: Parameters, x: Tensor4D): Tensor4D {
  const apply = (input: Tensor4D, block: Block): Tensor4D =>
    tf.tidy(() => {
      const { filter, bias } = foldBlock(parameters, block);
      const shape: [number, number, number, number] = [3, 3, block.inputs, block.outputs];
      const [taps, shift] = [tf.tensor4d(filter, shape), tf.tensor1d(bias)];
      if (spec.isPeriodic) return convolveRectify(tf, wrapBorder(tf, input), taps, shift, "valid");
      return convolveRectify(tf, input, taps, shift);
    });
  /** All blocks of a level; the input is used up. */
  const level = (input: Tensor4D, blocks: readonly Block[]): Tensor4D =>
    blocks.reduce((h, block) => {
      const next = apply(h, block);
      h.dispose();
      return next;
    }, input);
  const { down, up } = blocksOf(spec);
  const skips: Tensor4D[] = [];
  let h = x;
  for (const [l, blocks] of down.entries()) {
    if (l > 0) h = tf.maxPool(h, 2, 2, "valid");
    h = level(h, blocks);
    skips.push(h);
  }
  for (let l = up.length - 1; l >= 0; l--) {
    const [skip, low] = [skips[l] as Tensor4D, h]; // one per level
    h = joinSkip(tf, skip, low);
    skip.dispose();
    low.dispose();
    h = level(h, up[l] as Block[]);
  }
  const [first] = spec.filters;
  const outputs = tf.tidy(() => {
    const filter = tf.tensor4d(parameters["head.filter"] as Float32Array, [1, 1, first as number, spec.outputs]);
    const bias = tf.tensor1d(parameters["head.bias"] as Float32Array); // both of every network
    return tf.add(tf.conv2d(h, filter, 1, "same"), bias) as Tensor4D;
  });
  h.dispose();
  return outputs;
}

/** Most numbers that a prediction keeps at once, for each pixel of the image. */
export function predictionFloats({ channels, filters, outputs }: UNetSpec): number {
  let skips = 0;
  let most = (filters[0] ?? 0) + 2 * outputs;
  for (const [l, n] of filters.entries()) {
    const pixels = 4 ** -l;
    const above = filters[l - 1] ?? channels;
    const below = filters[l + 1];
    most = Math.max(most, skips + pixels * (Math.max(above, n) + n));
    if (below !== undefined) most = Math.max(most, skips + pixels * (2 * n + below + below / 4));
    skips += pixels * n;
  }
  return most;
}
