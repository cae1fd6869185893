import { fftWasm } from "../wasm/fft.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/fft.ts; plans and arrays are addresses. */
export interface FftExports extends WasmExports {
  keep(bytes: number): void;
  forget(): void;
  blockSize(): number;
  axis(plan: number, data: number, outer: number, inner: number, work: number): void;
  realRows(plan: number, rows: number, x: number, y: number, pair: number, work: number): void;
  inverseRealRows(plan: number, rows: number, y: number, x: number, scale: number, pair: number, work: number): void;
  autoColumns(
    forward: number,
    backward: number,
    n: number,
    isHalved: number,
    width: number,
    rows: number,
    last: number,
    x: number,
    roots: number,
    buffer: number,
    work: number,
  ): void;
  crossColumns(
    forward: number,
    backward: number,
    n: number,
    isHalved: number,
    width: number,
    rows: number,
    last: number,
    x: number,
    y: number,
    out: number,
    roots: number,
    buffer: number,
    work: number,
  ): void;
}

export const fftEngine: WasmEngine<FftExports> = createWasmEngine<FftExports>(fftWasm);
