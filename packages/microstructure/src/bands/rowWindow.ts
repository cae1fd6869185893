import type { RowReader } from "./rowStore.ts";

/** Rows `from` … `to` − 1 of a reader as a reader of their own: a picture without its data bar. */
export function rowWindow<T>(reader: RowReader<T>, from: number, to: number): RowReader<T> {
  if (from === 0 && to === reader.height) return reader;
  return { width: reader.width, height: to - from, read: (a, b) => reader.read(from + a, from + b) };
}
