import { IncompatibleError } from "@materiome/core";
import type { Conv2DAttrs, GradConfig, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { convolutionKernels } from "./convolution.ts";
import { depthwiseKernels } from "./depthwise.ts";
import { identityKernel } from "./identity.ts";
import { poolingKernels } from "./pooling.ts";
import { resizingKernels } from "./resizing.ts";
import { segmentSumKernel } from "./segmentSum.ts";

/**
 * Gives the wasm backend the kernels that training needs and it lacks (gradients of convolutions by their filters, of depthwise
 * convolutions, of picked rows), replaces slow ones, and makes the gradient of convolutions heed dilation.
 */
export function registerKernels(tf: TensorFlow): void {
  const kernels = [
    ...convolutionKernels(tf),
    ...depthwiseKernels(tf),
    ...poolingKernels(tf),
    ...resizingKernels(),
    segmentSumKernel(),
    identityKernel(),
  ];
  for (const kernel of kernels) {
    // A second registration of a name makes TensorFlow.js print a warning.
    if (tf.getKernel(kernel.kernelName, "wasm") !== undefined) tf.unregisterKernel(kernel.kernelName, "wasm");
    tf.registerKernel(kernel);
  }
}

/** Gradients of convolutions that hand their dilation on to the kernels, where TensorFlow.js refuses all but 1. */
export function registerConvolutionGradients(tf: TensorFlow): void {
  for (const kernelName of ["Conv2D", "DepthwiseConv2dNative"] as const) {
    const gradient: GradConfig = {
      kernelName,
      inputsToSave: ["x", "filter"],
      gradFunc: (dy, saved, attrs) => {
        const [x, filter] = saved as [Tensor4D, Tensor4D];
        const { dilations } = attrs as unknown as Conv2DAttrs;
        if ([dilations ?? 1].flat().some((dilation) => dilation !== 1) && tf.getBackend() !== "wasm") {
          throw new IncompatibleError(
            `${kernelName}: only the wasm backend has gradients of dilated convolutions, got "${tf.getBackend()}"`,
          );
        }
        const run = (name: string, inputs: object, attributes: object): Tensor4D =>
          tf.engine().runKernel(`${kernelName}Backprop${name}`, inputs as never, { ...attrs, ...attributes } as never);
        return {
          x: () => run("Input", { dy, filter }, { inputShape: x.shape }),
          filter: () => run("Filter", { x, dy }, { filterShape: filter.shape }),
        };
      },
    };
    tf.unregisterGradient(kernelName);
    tf.registerGradient(gradient);
  }
}
