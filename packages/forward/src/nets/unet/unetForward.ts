import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { joinSkip } from "../layers/joinSkip.ts";
import { type ChannelStatistics, normaliseRectify } from "../layers/normalise.ts";
import { wrapBorder } from "../layers/wrapBorder.ts";
import { type Block, blocksOf, type UNetSpec } from "./unetSpec.ts";

type Tensors = Readonly<Record<string, Tensor>>;
type Collect = (name: string, statistics: ChannelStatistics) => void;

/**
 * Outputs before softmax or logistic function [n, h, w, outputs] of x [n, h, w, channels], h and w multiples of the coarsest pixel.
 * For training: normalises by the statistics of x itself and reports them (`unetPredict` uses the stored ones).
 */
export function unetForward(
  tf: TensorFlow,
  spec: UNetSpec,
  parameters: Tensors,
  x: Tensor4D,
  collect: Collect,
): Tensor4D {
  const of = <T extends Tensor>(name: string): T => parameters[name] as T;
  const apply = blockWith(tf, spec, parameters, collect);
  const { up } = blocksOf(spec);
  const skips = unetEncode(tf, spec, parameters, x, collect);
  let h = skips.at(-1) as Tensor4D; // a level at least
  for (let level = up.length - 1; level >= 0; level--) {
    h = joinSkip(tf, skips[level] as Tensor4D, h);
    h = (up[level] as Block[]).reduce(apply, h);
  }
  const [first] = spec.filters;
  const head = tf.reshape(of("head.filter"), [1, 1, first as number, spec.outputs]) as Tensor4D;
  return tf.add(tf.conv2d(h, head, 1, "same"), of("head.bias")) as Tensor4D;
}

/** The way down, for training: what comes out of each level, the coarsest last. */
export function unetEncode(
  tf: TensorFlow,
  spec: UNetSpec,
  parameters: Tensors,
  x: Tensor4D,
  collect: Collect,
): Tensor4D[] {
  const apply = blockWith(tf, spec, parameters, collect);
  const levels: Tensor4D[] = [];
  let h = x;
  for (const [level, blocks] of blocksOf(spec).down.entries()) {
    if (level > 0) h = tf.maxPool(h, 2, 2, "valid");
    h = blocks.reduce(apply, h);
    levels.push(h);
  }
  return levels;
}

function blockWith(tf: TensorFlow, spec: UNetSpec, parameters: Tensors, collect: Collect) {
  const of = <T extends Tensor>(name: string): T => parameters[name] as T;
  return (input: Tensor4D, { name, inputs, outputs }: Block): Tensor4D => {
    const filter = tf.reshape(of(`${name}.filter`), [3, 3, inputs, outputs]) as Tensor4D;
    const shift = of<Tensor1D>(`${name}.shift`);
    const conv = spec.isPeriodic
      ? tf.conv2d(wrapBorder(tf, input), filter, 1, "valid")
      : tf.conv2d(input, filter, 1, "same");
    if (spec.isNormalised === false) return tf.relu(tf.add(conv, shift)) as Tensor4D;
    return normaliseRectify(tf, conv, of<Tensor1D>(`${name}.scale`), shift, (statistics) => collect(name, statistics));
  };
}
