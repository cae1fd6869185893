import { reconstructGrey } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";
import { isEqual, settleBands } from "./settleBands.ts";

/**
 * The kernel `reconstructGrey` band by band: `marker`, at most `mask`, is grown under it in place. Bands grow in turn until
 * nothing changes at the seams.
 */
export function reconstructGreyBands<T extends Float32Array | Float64Array>(
  space: BandSpace,
  mask: RowReader<Float32Array>,
  connectivity: 4 | 8,
  marker: RowStore<T>,
): void {
  const { width } = space;
  settleBands(space, (index) => {
    const { from, to, top, bottom } = space.band(index, 1);
    const rows = marker.read(top, bottom);
    const inside = rows.subarray((from - top) * width, (to - top) * width) as T;
    const first = inside.slice(0, width);
    const last = inside.slice(-width);
    reconstructGrey(width, bottom - top, mask.read(top, bottom), connectivity, rows);
    marker.write(from, inside);
    return { first: !isEqual(first, inside.subarray(0, width)), last: !isEqual(last, inside.subarray(-width)) };
  });
}
