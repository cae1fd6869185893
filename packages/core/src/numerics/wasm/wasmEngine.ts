/// <reference path="../../platform.d.ts" />
import { DomainError } from "../../errors/errors.ts";

/** What a compiled module of this package exports besides its functions. */
export interface WasmExports {
  readonly memory: WebAssembly.Memory;
  /** First byte that is free for data. */
  dataStart(): number;
}

export interface WasmEngine<Exports extends WasmExports> {
  /**
   * Runs `job` with room for arrays of the given lengths (in 8-byte numbers). `job` receives the module's functions, the
   * address of each array, and `view` to see one of them; what it returns must not refer to the memory. A call within a
   * call takes its room from the same place.
   *
   * @throws DomainError if more than 4 GiB would be needed, or the machine gives no more
   */
  use<Result>(
    who: string,
    lengths: readonly number[],
    job: (
      wasm: Exports,
      addresses: readonly number[],
      view: (address: number, length: number) => Float64Array,
    ) => Result,
  ): Result;
}

const PAGE = 65_536;
const LIMIT = 65_536 * PAGE;
/** Larger memories are handed back after a call: WebAssembly memory grows and never shrinks. */
const KEPT = 256 * 1024 * 1024;

/**
 * One module with one memory, which calls reuse; compiled when first used, once in each thread. Memory over 256 MiB is
 * let go when the outermost call ends.
 */
export function createWasmEngine<Exports extends WasmExports>(base64: string): WasmEngine<Exports> {
  let module: WebAssembly.Module | undefined;
  let wasm: Exports | undefined;
  let depth = 0;
  const start = (): Exports => {
    module ??= new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
    wasm ??= new WebAssembly.Instance(module).exports as Exports;
    return wasm;
  };
  return {
    use(who, lengths, job) {
      const exports = start();
      const addresses: number[] = [];
      let end = exports.dataStart();
      for (const length of lengths) {
        addresses.push(end);
        end += 16 * Math.ceil(length / 2);
      }
      reserve(who, exports.memory, end);
      depth++;
      try {
        return job(exports, addresses, (address, length) => new Float64Array(exports.memory.buffer, address, length));
      } finally {
        depth--;
        if (depth === 0 && exports.memory.buffer.byteLength > KEPT) wasm = undefined;
      }
    },
  };
}

function reserve(who: string, memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  const size = `${who}: needs ${(bytes / 2 ** 30).toFixed(2)} GiB of WebAssembly memory`;
  if (bytes > LIMIT) throw new DomainError(`${size}; the limit is 4 GiB. Work on fewer rows or in parts.`);
  try {
    memory.grow(Math.ceil(missing / PAGE));
  } catch (cause) {
    throw new DomainError(`${size}, which this machine does not give. Free memory or work in parts.`, { cause });
  }
}
