import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { cannotWrite, DataError, temporaryPathFor } from "@materiome/core";

/** Types of value a store can hold. */
export interface StoreTypes {
  readonly uint8: Uint8Array;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** Rows that can be read: an image that need not be in memory. */
export interface RowReader<T> {
  readonly width: number;
  readonly height: number;
  /**
   * Rows `from` … `to` − 1, one after the other. Valid until the next read from the same reader; a change counts only
   * after `write`.
   */
  read(from: number, to: number): T;
}

/** Rows that can be read and written; 0 where nothing was written. */
export interface RowStore<T> extends RowReader<T> {
  write(from: number, rows: T): void;
  /** Lets go of memory or file. */
  close(): void;
}

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** A store in memory. Read whole, it gives its own array, not a copy. */
export function memoryStore<K extends keyof StoreTypes>(
  type: K,
  width: number,
  height: number,
  data: StoreTypes[K] = new ARRAYS[type](width * height) as StoreTypes[K],
): RowStore<StoreTypes[K]> {
  let window: StoreTypes[K] | undefined;
  return {
    width,
    height,
    read(from, to) {
      if (from === 0 && to === height) return data;
      const length = (to - from) * width;
      if (window === undefined || window.length < length) window = new ARRAYS[type](length) as StoreTypes[K];
      const rows = window.subarray(0, length) as StoreTypes[K];
      rows.set(data.subarray(from * width, to * width));
      return rows;
    },
    write(from, rows) {
      if (rows !== data) data.set(rows, from * width);
    },
    close() {
      window = undefined;
    },
  };
}

/**
 * A store in a file of `folder`. The file loses its name as soon as it is open: however the process ends, nothing stays
 * behind. What the operating system caches of it does not count as memory of the process.
 */
export function fileStore<K extends keyof StoreTypes>(
  type: K,
  width: number,
  height: number,
  folder: string,
): RowStore<StoreTypes[K]> {
  const bytes = ARRAYS[type].BYTES_PER_ELEMENT;
  const descriptor = openNameless(join(folder, `scratch-${type}`), width * height * bytes);
  let window: StoreTypes[K] | undefined;
  const transfer = (isRead: boolean, rows: StoreTypes[K], from: number): void => {
    const part = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let done = 0; done < part.length; ) {
      const length = Math.min(part.length - done, LARGEST);
      const place = from * width * bytes + done;
      const moved = isRead
        ? readSync(descriptor, part, done, length, place)
        : writeSync(descriptor, part, done, length, place);
      if (moved === 0) throw new DataError(`the scratch file in ${folder} ended early`);
      done += moved;
    }
  };
  return {
    width,
    height,
    read(from, to) {
      const length = (to - from) * width;
      if (window === undefined || window.length < length) window = new ARRAYS[type](length) as StoreTypes[K];
      const rows = window.subarray(0, length) as StoreTypes[K];
      transfer(true, rows, from);
      return rows;
    },
    write(from, rows) {
      try {
        transfer(false, rows, from);
      } catch (error) {
        throw cannotWrite(folder, error, "scratch data");
      }
    },
    close() {
      window = undefined;
      closeSync(descriptor);
    },
  };
}

const LARGEST = 1 << 30;

function openNameless(path: string, size: number): number {
  const name = temporaryPathFor(path);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(name, "wx+");
    rmSync(name);
    ftruncateSync(descriptor, size);
    return descriptor;
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw cannotWrite(path, error, "scratch data");
  }
}
