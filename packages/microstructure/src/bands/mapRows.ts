import type { RowReader } from "./rowStore.ts";

/** Rows made from those of another image when they are read. `make` gets whole rows and returns as many. */
export function mapRows<S, T>(source: RowReader<S>, make: (rows: S) => T): RowReader<T> {
  return { width: source.width, height: source.height, read: (from, to) => make(source.read(from, to)) };
}
