import type { DepthwiseConv2dNativeAttrs, KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { wasmMemory } from "./wasmMemory.ts";

type Attributes = DepthwiseConv2dNativeAttrs & { readonly inputShape: number[]; readonly filterShape: number[] };
type Shape = [number, number, number, number];

/** Gradients of the depthwise convolution by its filter and its input. */
export function depthwiseKernels(tf: TensorFlow): KernelConfig[] {
  const infoOf = (inShape: readonly number[], filterShape: readonly number[], attrs: Attributes) =>
    tf.backend_util.computeConv2DInfo(
      inShape as Shape,
      filterShape as Shape,
      attrs.strides,
      attrs.dilations ?? 1,
      attrs.pad,
      attrs.dimRoundingMode,
      true,
    );
  return [
    {
      kernelName: "DepthwiseConv2dNativeBackpropFilter",
      backendName: "wasm",
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
        const attributes = attrs as unknown as Attributes;
        const info = infoOf(x.shape, attributes.filterShape, attributes);
        const memory = wasmMemory(backend);
        const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
        const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
        const gradient = memory.output(attributes.filterShape, "zeros");
        const height = (outHeight - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
        const width = (outWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
        memory.scratch(height * width * inChannels, (padded) => {
          for (let i = 0; i < info.batchSize; i++) {
            memory.nets.padImage(
              ...[inHeight, inWidth, inChannels, height, width, inChannels, padInfo.top, padInfo.left, 1, 1],
              ...[memory.address(x) + 4 * i * inHeight * inWidth * inChannels, padded],
            );
            memory.nets.depthwiseFilterGradient(
              ...[outHeight, outWidth, inChannels, outChannels / inChannels, filterHeight, filterWidth],
              ...[strideHeight, strideWidth, dilationHeight, dilationWidth, width, padded],
              ...[memory.address(dy) + 4 * i * outHeight * outWidth * outChannels, memory.address(gradient)],
            );
          }
        });
        return gradient;
      },
    },
    {
      kernelName: "DepthwiseConv2dNativeBackpropInput",
      backendName: "wasm",
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
        const attributes = attrs as unknown as Attributes;
        const info = infoOf(attributes.inputShape, filter.shape, attributes);
        const memory = wasmMemory(backend);
        const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
        const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
        const dx = memory.output(attributes.inputShape, "zeros");
        for (let i = 0; i < info.batchSize; i++) {
          memory.nets.depthwiseInputGradient(
            ...[outHeight, outWidth, inChannels, outChannels / inChannels, filterHeight, filterWidth],
            ...[strideHeight, strideWidth, dilationHeight, dilationWidth],
            ...[inHeight, inWidth, padInfo.top, padInfo.left],
            ...[memory.address(dy) + 4 * i * outHeight * outWidth * outChannels, memory.address(filter)],
            memory.address(dx) + 4 * i * inHeight * inWidth * inChannels,
          );
        }
        return dx;
      },
    },
  ];
}
