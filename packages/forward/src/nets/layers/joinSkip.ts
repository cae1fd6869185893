import type { Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { wasmMemory } from "../kernels/wasmMemory.ts";

/**
 * The channels of `skip` [n, h, w, a], then those of `low` [n, h / 2, w / 2, b] with every pixel doubled along both axes; with its
 * gradient. One compiled pass each way on wasm, composed of operations elsewhere.
 */
export function joinSkip(tf: TensorFlow, skip: Tensor4D, low: Tensor4D): Tensor4D {
  if (tf.getBackend() !== "wasm") {
    const [, height, width] = skip.shape;
    return tf.concat([skip, tf.image.resizeNearestNeighbor(low, [height, width])], 3) as Tensor4D;
  }
  const channels = skip.shape[3];
  const run = tf.customGrad((...inputs) => {
    const [a, b] = inputs as [Tensor4D, Tensor4D];
    return {
      value: tf.engine().runKernel("JoinSkip", { skip: a, low: b } as never) as Tensor4D,
      gradFunc: (dy: Tensor) =>
        tf.engine().runKernel("JoinSkipGrad", { dy } as never, { channels } as never) as unknown as Tensor[],
    };
  });
  return run(skip, low) as Tensor4D;
}

type Shape = [number, number, number, number];

/** Kernels behind `joinSkip` on wasm. */
export function registerJoinKernels(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: "JoinSkip",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { skip, low } = inputs as { skip: TensorInfo; low: TensorInfo };
      const { nets, address, output } = wasmMemory(backend);
      const [n, height, width, channels] = skip.shape as Shape;
      const below = (low.shape as Shape)[3];
      const out = output([n, height, width, channels + below]);
      nets.join(n * height, width, channels, below, address(skip), address(low), address(out));
      return out;
    },
  });
  tf.registerKernel({
    kernelName: "JoinSkipGrad",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { dy } = inputs as { dy: TensorInfo };
      const { channels } = attrs as unknown as { readonly channels: number };
      const { nets, address, output } = wasmMemory(backend);
      const [n, height, width, both] = dy.shape as Shape;
      const dSkip = output([n, height, width, channels]);
      const dLow = output([n, height / 2, width / 2, both - channels]);
      nets.splitJoined(n * height, width, channels, both - channels, address(dy), address(dSkip), address(dLow));
      return [dSkip, dLow];
    },
  });
}
