import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { wasmMemory } from "./wasmMemory.ts";

/** Sums of rows that belong together: the gradient of picking rows (`gather`). */
export function segmentSumKernel(): KernelConfig {
  return {
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
      const { numSegments } = attrs as unknown as { readonly numSegments: number };
      const { nets, address, output } = wasmMemory(backend);
      const rowShape = x.shape.slice(segmentIds.shape.length);
      const width = rowShape.reduce((product, length) => product * length, 1);
      const rows = segmentIds.shape.reduce((product, length) => product * length, 1);
      const out = output([numSegments, ...rowShape], "zeros");
      nets.segmentSum(rows, width, numSegments, address(x), address(segmentIds), address(out));
      return out;
    },
  };
}
