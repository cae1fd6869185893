import { imageWasm } from "../wasm/image.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/image.ts; arrays are addresses. */
interface ImageExports extends WasmExports {
  lineRidge(
    width: number,
    height: number,
    margin: number,
    image: number,
    nOrientations: number,
    weights: number,
    turns: number,
    offsets: number,
    blobPenalty: number,
    xx: number,
    yy: number,
    xy: number,
    across: number,
    strength: number,
    best: number,
  ): void;
}

export const imageEngine: WasmEngine<ImageExports> = createWasmEngine<ImageExports>(imageWasm);
