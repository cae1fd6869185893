import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";

/**
 * max(0, x ∗ filter + bias) of x [n, h, w, inputs] and filter [3, 3, inputs, outputs], padded to the same size (or not: `valid`), without a gradient: for
 * predictions. One compiled pass on wasm, composed of operations elsewhere.
 */
export function convolveRectify(
  tf: TensorFlow,
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D,
  pad: "same" | "valid" = "same",
): Tensor4D {
  if (tf.getBackend() !== "wasm") return tf.relu(tf.add(tf.conv2d(x, filter, 1, pad), bias)) as Tensor4D;
  const attributes = { strides: [1, 1], pad, dataFormat: "NHWC", dilations: [1, 1] };
  return tf.engine().runKernel("ConvolveRectify", { x, filter, bias } as never, attributes as never) as Tensor4D;
}
