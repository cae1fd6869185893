import { addOrderCounts, bitsOfOrder } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

/**
 * The value with `rank` others before it in sorted order, exactly, whatever the bands: the values are counted by their leading
 * bits, then those that share the leading bits of the answer by their last bits. Two passes in a fixed memory.
 *
 * @param values - no NaN
 * @param rank - 0 … number of pixels − 1
 */
export function rankedValue(space: BandSpace, values: RowReader<Float32Array>, rank: number): number {
  let leading = -1;
  let before = 0;
  const select = (): number => {
    const counts = new Float64Array(2 ** 16);
    for (const { from, to } of space.bands(0)) {
      const rows = values.read(from, to);
      addOrderCounts(rows.length, new Uint32Array(rows.buffer, rows.byteOffset, rows.length), leading, counts);
    }
    let k = 0;
    for (; k < 2 ** 16 - 1 && before + counts[k]! <= rank; k++) before += counts[k]!; // k < length
    return k;
  };
  leading = select();
  const last = select();
  return new Float32Array(Uint32Array.of(bitsOfOrder(leading * 2 ** 16 + last)).buffer)[0]!; // one element
}
