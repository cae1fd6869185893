import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

/** Store with 1 where the label is, or any but 0 where none is given; 0 elsewhere. */
export function labelMask(
  space: BandSpace,
  labels: RowReader<Uint8Array | Uint32Array>,
  label: number | undefined,
): RowStore<Uint8Array> {
  const mask = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const values = labels.read(from, to);
    const rows = new Uint8Array(values.length);
    for (let i = 0; i < rows.length; i++)
      rows[i] = (label === undefined ? values[i] !== 0 : values[i] === label) ? 1 : 0;
    mask.write(from, rows);
  }
  return mask;
}
