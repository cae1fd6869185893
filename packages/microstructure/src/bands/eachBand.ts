import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

/** The rows of every band in turn, each valid until the next. */
export function* eachBand<T>(space: BandSpace, reader: RowReader<T>): Generator<T, void> {
  for (const { from, to } of space.bands(0)) yield reader.read(from, to);
}
