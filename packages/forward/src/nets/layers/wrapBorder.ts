import type { Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { wasmMemory } from "../kernels/wasmMemory.ts";

/**
 * x [n, h, w, c] with a border of one pixel, which holds what lies at the opposite side, as [n, h + 2, w + 2, c]; with its gradient. A
 * convolution of 3 × 3 without padding then sees an image that repeats itself. Row by row on wasm, composed of operations elsewhere.
 */
export function wrapBorder(tf: TensorFlow, x: Tensor4D): Tensor4D {
  if (tf.getBackend() !== "wasm") {
    const [, h, w] = x.shape;
    const tall = tf.concat([tf.slice(x, [0, h - 1, 0, 0], [-1, 1, -1, -1]), x, tf.slice(x, 0, [-1, 1, -1, -1])], 1);
    return tf.concat(
      [tf.slice(tall, [0, 0, w - 1, 0], [-1, -1, 1, -1]), tall, tf.slice(tall, 0, [-1, -1, 1, -1])],
      2,
    ) as Tensor4D;
  }
  const run = tf.customGrad((input) => ({
    value: tf.engine().runKernel("WrapBorder", { x: input as Tensor4D } as never) as Tensor4D,
    gradFunc: (dy: Tensor) => tf.engine().runKernel("WrapBorderGrad", { dy } as never) as unknown as Tensor,
  }));
  return run(x) as Tensor4D;
}

type Shape = [number, number, number, number];

/** Kernels behind `wrapBorder` on wasm. */
export function registerWrapKernels(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: "WrapBorder",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { x } = inputs as { x: TensorInfo };
      const memory = wasmMemory(backend);
      const [n, height, width, channels] = x.shape as Shape;
      const out = memory.output([n, height + 2, width + 2, channels]);
      const source = floats(memory, x);
      const target = floats(memory, out);
      const [row, long] = [width * channels, (width + 2) * channels];
      for (let y = 0; y < n * (height + 2); y++) {
        const from = (Math.floor(y / (height + 2)) * height + (((y % (height + 2)) - 1 + height) % height)) * row;
        target.set(source.subarray(from + row - channels, from + row), y * long);
        target.set(source.subarray(from, from + row), y * long + channels);
        target.set(source.subarray(from, from + channels), y * long + channels + row);
      }
      return out;
    },
  });
  tf.registerKernel({
    kernelName: "WrapBorderGrad",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { dy } = inputs as { dy: TensorInfo };
      const memory = wasmMemory(backend);
      const [n, tall, wide, channels] = dy.shape as Shape;
      const [height, width] = [tall - 2, wide - 2];
      const out = memory.output([n, height, width, channels]);
      const source = floats(memory, dy);
      const target = floats(memory, out);
      const [row, long] = [width * channels, wide * channels];
      /** Adds a row with its border to one without. */
      const add = (from: number, to: number): void => {
        for (let i = 0; i < row; i++) target[to + i]! += source[from + channels + i]!; // rows of either
        addEnds(from, to);
      };
      const addEnds = (from: number, to: number): void => {
        for (let c = 0; c < channels; c++) {
          target[to + row - channels + c]! += source[from + c]!; // first and last pixel
          target[to + c]! += source[from + channels + row + c]!;
        }
      };
      for (let image = 0; image < n; image++) {
        for (let y = 0; y < height; y++) {
          const from = (image * tall + y + 1) * long;
          const to = (image * height + y) * row;
          target.set(source.subarray(from + channels, from + channels + row), to);
          addEnds(from, to);
        }
        add(image * tall * long, (image * height + height - 1) * row);
        add((image * tall + tall - 1) * long, image * height * row);
      }
      return out;
    },
  });
}

function floats(memory: ReturnType<typeof wasmMemory>, tensor: TensorInfo): Float32Array {
  const size = tensor.shape.reduce((product, length) => product * length, 1);
  const { buffer, byteOffset } = memory.view(memory.address(tensor), 4 * size);
  return new Float32Array(buffer, byteOffset, size);
}
