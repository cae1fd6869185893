import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { wasmMemory } from "../kernels/wasmMemory.ts";

/** Added to variances, so that constant channels stay finite. */
export const EPSILON = 1e-5;

/** Mean and variance of each channel over a stack of images. */
export interface ChannelStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * max(0, scale (x - mean) / √(variance + ε) + shift) per channel, mean and variance over all pixels of the stack x [n, h, w, c];
 * with its gradient. One compiled pass each way on wasm, composed of operations elsewhere.
 */
export function normaliseRectify(
  tf: TensorFlow,
  x: Tensor4D,
  scale: Tensor1D,
  shift: Tensor1D,
  collect?: (statistics: ChannelStatistics) => void,
): Tensor4D {
  if (tf.getBackend() !== "wasm") return composed(tf, x, scale, shift, collect);
  const run = tf.customGrad((...inputs) => {
    const [image, factor, offset, save] = inputs as [Tensor4D, Tensor1D, Tensor1D, (tensors: Tensor[]) => void];
    const kernelInputs = { x: image, scale: factor, shift: offset };
    const [value, statistics] = tf.engine().runKernel("NormaliseRectify", kernelInputs as never) as unknown as [
      Tensor4D,
      Tensor,
    ];
    collect?.(readStatistics(statistics.dataSync() as Float32Array));
    save([image, value, factor, statistics]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x0, y0, scale0, statistics0] = saved as [Tensor, Tensor, Tensor, Tensor];
        const gradientInputs = { x: x0, y: y0, dy, scale: scale0, statistics: statistics0 };
        return tf.engine().runKernel("NormaliseRectifyGrad", gradientInputs as never) as unknown as Tensor[];
      },
    };
  });
  return run(x, scale, shift) as Tensor4D;
}

function readStatistics(values: Float32Array): ChannelStatistics {
  const channels = values.length / 2;
  return {
    mean: values.slice(0, channels),
    variance: values.slice(channels).map((inverse) => Math.max(0, 1 / (inverse * inverse) - EPSILON)),
  };
}

function composed(
  tf: TensorFlow,
  x: Tensor4D,
  scale: Tensor1D,
  shift: Tensor1D,
  collect?: (statistics: ChannelStatistics) => void,
): Tensor4D {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  collect?.({ mean: mean.dataSync() as Float32Array, variance: variance.dataSync() as Float32Array });
  const factor = tf.mul(tf.rsqrt(tf.add(variance, EPSILON)), scale);
  return tf.relu(tf.add(tf.mul(tf.sub(x, mean), factor), shift)) as Tensor4D;
}

/** Kernels behind `normaliseRectify` on wasm. */
export function registerNormaliseKernels(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: "NormaliseRectify",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { x, scale, shift } = inputs as { x: TensorInfo; scale: TensorInfo; shift: TensorInfo };
      const { nets, address, output, scratch } = wasmMemory(backend);
      const { pixels, line, channels } = layout(x.shape);
      const y = output(x.shape);
      const statistics = output([2, channels]);
      scratch(5 * channels, (free) =>
        nets.normalise(
          ...[pixels, line, channels, channels, EPSILON],
          ...[address(x), address(scale), address(shift), address(y), address(statistics), free],
        ),
      );
      return [y, statistics];
    },
  });
  tf.registerKernel({
    kernelName: "NormaliseRectifyGrad",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { x, y, dy, scale, statistics } = inputs as Record<"x" | "y" | "dy" | "scale" | "statistics", TensorInfo>;
      const { nets, address, output, scratch } = wasmMemory(backend);
      const { pixels, line, channels } = layout(x.shape);
      const dx = output(x.shape);
      const dScale = output([channels], "zeros");
      const dShift = output([channels], "zeros");
      scratch(10 * channels, (free) =>
        nets.normaliseGradient(
          ...[pixels, line, channels, channels, address(x), address(y), address(dy), address(scale)],
          ...[address(statistics), address(dx), address(dScale), address(dShift), free],
        ),
      );
      return [dx, dScale, dShift];
    },
  });
}

function layout(shape: readonly number[]): { pixels: number; line: number; channels: number } {
  const [n, height, width, channels] = shape as [number, number, number, number];
  return { pixels: n * height * width, line: width, channels };
}
