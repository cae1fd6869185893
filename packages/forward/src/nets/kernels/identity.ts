import type { KernelBackend, KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";

/** A second name for the same values, where the backend's own kernel copies them: tensors are never changed. */
export function identityKernel(): KernelConfig {
  return {
    kernelName: "Identity",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { x } = inputs as { x: TensorInfo };
      (backend as KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  };
}
