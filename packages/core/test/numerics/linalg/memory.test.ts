import { createMatrix, DomainError } from "@materiome/core";
import { cholesky, gramMatrix } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { linalgWasm } from "../../../src/numerics/wasm/linalg.wasm.ts";
import { createWasmEngine, type WasmExports } from "../../../src/numerics/wasm/wasmEngine.ts";
import { randomPositive } from "./reference.ts";

const MiB = 2 ** 20;

describe("WebAssembly memory", () => {
  it("is reused by calls, and let go after a large one", () => {
    const engine = createWasmEngine<WasmExports>(linalgWasm);
    const bytesAfter = (length: number): number =>
      engine.use("test", [length], (wasm, [address = 0], view) => {
        view(address, length)[length - 1] = 1;
        return wasm.memory.buffer.byteLength;
      });
    const first = bytesAfter(2 * MiB);
    for (let call = 0; call < 100; call++) expect(bytesAfter(2 * MiB - call)).toBe(first);
    expect(bytesAfter(40 * MiB)).toBeGreaterThan(320 * MiB);
    expect(bytesAfter(1)).toBeLessThan(8 * MiB);
  });

  it("does not leak over many calls", () => {
    const a = randomPositive(100);
    cholesky(a);
    const before = process.memoryUsage();
    for (let call = 0; call < 500; call++) cholesky(a);
    const after = process.memoryUsage();
    // 500 results of 80 kB may await collection (40 MB); WebAssembly memory that grew with each call would add to that.
    expect(after.rss - before.rss).toBeLessThan(100 * MiB);
  });

  it("ends at 4 GiB with an error that says what was asked", () => {
    const wide = createMatrix(1, 24_000);
    expect(() => gramMatrix(wide)).toThrow(DomainError);
    expect(() => gramMatrix(wide)).toThrow(/gramMatrix: needs 4\.29 GiB of WebAssembly memory; the limit is 4 GiB/);
  });

  it("works again after an error", () => {
    const singular = createMatrix(2, 2);
    expect(() => cholesky(singular)).toThrow();
    expect(cholesky(createMatrix(1, 1, Float64Array.of(9))).lower.data).toEqual(Float64Array.of(3));
  });
});
