import { linalgWasm } from "../wasm/linalg.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/linalg.ts. Matrices are addresses, strides count numbers, flags are 0 or 1. */
export interface LinalgExports extends WasmExports {
  product(
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    cRow: number,
    isLower: number,
  ): void;
  cholesky(n: number, a: number, stride: number): number;
  solveLeft(
    n: number,
    m: number,
    t: number,
    tRow: number,
    tColumn: number,
    isUpper: number,
    isUnit: number,
    b: number,
    bRow: number,
  ): void;
  invertLower(n: number, l: number, stride: number, work: number): void;
  lowerGram(n: number, l: number, stride: number, c: number): void;
  mirrorLower(n: number, a: number): void;
  clearUpper(n: number, a: number): void;
  pairDistances(n: number, d: number, x: number, out: number): void;
  lu(n: number, a: number, pivots: number): number;
}

export const linalgEngine: WasmEngine<LinalgExports> = createWasmEngine<LinalgExports>(linalgWasm);
