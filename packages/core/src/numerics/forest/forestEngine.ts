import { forestWasm } from "../wasm/forest.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/forest.ts; arrays are addresses. */
interface ForestExports extends WasmExports {
  walk(
    n: number,
    stride: number,
    codes: number,
    nTrees: number,
    treeStart: number,
    nodes: number,
    leafOf: number,
    nClasses: number,
    shares: number,
    sums: number,
  ): void;
  walkValues(
    n: number,
    stride: number,
    codes: number,
    nTrees: number,
    treeStart: number,
    nodes: number,
    leafOf: number,
    nOutputs: number,
    values: number,
    room: number,
    sums: number,
  ): void;
}

export const forestEngine: WasmEngine<ForestExports> = createWasmEngine<ForestExports>(forestWasm);
