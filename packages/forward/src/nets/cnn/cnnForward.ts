import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { type ChannelStatistics, EPSILON, normaliseRectify } from "../layers/normalise.ts";
import { type CnnBlock, type CnnSpec, featuresOf, levelsOf } from "./cnnSpec.ts";

type Tensors = Readonly<Record<string, Tensor>>;

export interface CnnForwardOptions {
  /** Training: normalises by the statistics of x itself and reports them. Without it the stored ones are used. */
  readonly collect?: ((name: string, statistics: ChannelStatistics) => void) | undefined;
  /** Factors on what the last layer is given, [n, features]. */
  readonly dropout?: Tensor2D | undefined;
  /** Stops before the last layer: what it is given, [n, features]. @defaultValue false */
  readonly isWithoutHead?: boolean | undefined;
}

/** Outputs before softmax [n, outputs] of x [n, height, width, channels]. */
export function cnnForward(
  tf: TensorFlow,
  spec: CnnSpec,
  parameters: Tensors,
  x: Tensor4D,
  options: CnnForwardOptions = {},
): Tensor2D {
  const of = <T extends Tensor>(name: string): T => parameters[name] as T;
  const { collect } = options;
  const convolve = (input: Tensor4D, { name, inputs, outputs, stride }: CnnBlock): Tensor4D => {
    const filter = tf.reshape(of(`${name}.filter`), [3, 3, inputs, outputs]) as Tensor4D;
    const scale = of<Tensor1D>(`${name}.scale`);
    const shift = of<Tensor1D>(`${name}.shift`);
    if (collect !== undefined) {
      const conv = tf.conv2d(input, filter, stride, "same");
      return normaliseRectify(tf, conv, scale, shift, (statistics) => collect(name, statistics));
    }
    // What is known beforehand goes into the filter and the bias.
    const factor = tf.mul(tf.rsqrt(tf.add(of(`${name}.variance`), EPSILON)), scale);
    const bias = tf.sub(shift, tf.mul(factor, of(`${name}.mean`))) as Tensor1D;
    const conv = tf.conv2d(input, tf.mul(filter, factor) as Tensor4D, stride, "same");
    return tf.relu(tf.add(conv, bias)) as Tensor4D;
  };
  let h = x;
  for (const [level, blocks] of levelsOf(spec).entries()) {
    if (level > 0) h = tf.maxPool(h, 2, 2, "valid");
    for (const block of blocks) {
      const next = convolve(h, block);
      h = block.isAdded ? (tf.add(h, next) as Tensor4D) : next;
    }
  }
  const [, height, width, channels] = h.shape;
  // Pooling over all of an image, whose gradients are compiled.
  const pool = (by: "avgPool" | "maxPool"): Tensor2D =>
    tf.reshape(tf[by](h, [height, width], 1, "valid"), [-1, channels]) as Tensor2D;
  const pooled =
    spec.pooling === "both"
      ? (tf.concat([pool("avgPool"), pool("maxPool")], 1) as Tensor2D)
      : pool(spec.pooling === "mean" ? "avgPool" : "maxPool");
  if (options.isWithoutHead === true) return pooled;
  const kept = options.dropout === undefined ? pooled : (tf.mul(pooled, options.dropout) as Tensor2D);
  const features = featuresOf(spec);
  // As a convolution of one pixel, whose gradient is compiled.
  const head = tf.reshape(of("head.filter"), [1, 1, features, spec.outputs]) as Tensor4D;
  const row = tf.conv2d(tf.reshape(kept, [-1, 1, 1, features]) as Tensor4D, head, 1, "same");
  return tf.add(tf.reshape(row, [-1, spec.outputs]), of("head.bias")) as Tensor2D;
}
