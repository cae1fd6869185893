import type { AvgPoolAttrs, KernelConfig, MaxPoolAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { wasmMemory } from "./wasmMemory.ts";

/** Gradients of pooling by maximum and by average. */
export function poolingKernels(tf: TensorFlow): KernelConfig[] {
  return (["MaxPoolGrad", "AvgPoolGrad"] as const).map((kernelName) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolAttrs & AvgPoolAttrs;
      const shape = input.shape as [number, number, number, number];
      const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
      const { nets, address, output } = wasmMemory(backend);
      const dx = output(shape, "zeros");
      const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
      for (let i = 0; i < info.batchSize; i++) {
        const inOffset = 4 * i * inHeight * inWidth * inChannels;
        const sizes = [outHeight, outWidth, inChannels, info.filterHeight, info.filterWidth];
        const places = [info.strideHeight, info.strideWidth, inHeight, inWidth, padInfo.top, padInfo.left];
        const from = address(dy) + 4 * i * outHeight * outWidth * inChannels;
        const to = address(dx) + inOffset;
        if (kernelName === "AvgPoolGrad") nets.averagePoolGradient(...sizes, ...places, from, to);
        else nets.maxPoolGradient(...sizes, ...places, address(input) + inOffset, from, to);
      }
      return dx;
    },
  }));
}
