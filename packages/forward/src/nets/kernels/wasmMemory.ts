/// <reference path="../platform.d.ts" />
import { DomainError } from "@materiome/core";
import type { DataId, DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { netsWasm } from "../wasm/nets.wasm.ts";

/** Functions of assembly/nets.ts by their addresses and sizes, in the order written there. */
export type NetsExports = Readonly<
  Record<
    | "averagePoolGradient"
    | "collectFilterGradient"
    | "convolve"
    | "convolveTiles"
    | "depthwiseFilterGradient"
    | "depthwiseInputGradient"
    | "filterGradient"
    | "filterGradientTiles"
    | "join"
    | "maxPoolGradient"
    | "normalise"
    | "normaliseGradient"
    | "packFilter"
    | "packFlippedFilter"
    | "padImage"
    | "rectify"
    | "resizeGradient"
    | "segmentSum"
    | "splitJoined"
    | "transformFilter",
    (...numbers: readonly number[]) => void
  >
>;

/** What this package uses of the wasm backend of TensorFlow.js 4.22. */
interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
}

/** Our compiled functions on the memory of the backend. */
export interface WasmMemory {
  readonly nets: NetsExports;
  /** First byte of a tensor. */
  address(tensor: TensorInfo): number;
  /** A new tensor; its values are whatever lies there, or zeros. */
  output(shape: readonly number[], fill?: "zeros"): TensorInfo;
  /** Calls `job` with the address of scratch memory, a multiple of 16, for as long as it runs. */
  scratch<Result>(floats: number, job: (address: number) => Result): Result;
  /** A view that holds until anything else is allocated. */
  view(address: number, bytes: number): Uint8Array<ArrayBuffer>;
}

const memories = new WeakMap<object, WasmMemory>();

/** @param backend - the wasm backend as TensorFlow.js hands it to kernels */
export function wasmMemory(backend: object): WasmMemory {
  let memory = memories.get(backend);
  if (memory === undefined) {
    memory = link(backend as WasmBackend);
    memories.set(backend, memory);
  }
  return memory;
}

function link(backend: WasmBackend): WasmMemory {
  const { wasm, dataIdMap } = backend;
  const bytes = Uint8Array.from(atob(netsWasm), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: wasm.asm.memory } });
  const view = (address: number, length: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array(wasm.asm.memory.buffer, address, length);
  const address = (tensor: TensorInfo): number => dataIdMap.get(tensor.dataId).memoryOffset;
  return {
    nets: instance.exports as NetsExports,
    address,
    output(shape, fill) {
      const tensor = backend.makeOutput([...shape], "float32");
      const at = address(tensor);
      const size = 4 * shape.reduce((product, length) => product * length, 1);
      if (at === 0 && size > 0) throw outOfMemory(size);
      if (fill === "zeros") view(at, size).fill(0);
      return tensor;
    },
    scratch(floats, job) {
      const at = wasm._malloc(4 * floats) >>> 0;
      if (at === 0) throw outOfMemory(4 * floats);
      try {
        return job(at);
      } finally {
        wasm._free(at);
      }
    },
    view,
  };
}

function outOfMemory(bytes: number): DomainError {
  return new DomainError(
    `nets: no room for ${(bytes / 2 ** 20).toFixed(0)} MiB in the 4 GiB of WebAssembly memory; use smaller images or patches, or fewer filters`,
  );
}
