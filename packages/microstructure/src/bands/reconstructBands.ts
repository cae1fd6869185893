import { reconstruct } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowStore } from "./rowStore.ts";
import { isEqual, settleBands } from "./settleBands.ts";

/** A relief to be reconstructed under: marker ≤ mask. */
export interface Relief {
  readonly mask: Uint32Array;
  readonly marker: Uint32Array;
}

/**
 * The kernel `reconstruct` band by band: `out`, empty on entry, gets the marker grown under the mask. Bands are reconstructed in
 * turn until nothing changes at the seams.
 *
 * @param relief - mask and marker of the rows `top` … `bottom` − 1
 */
export function reconstructBands(
  space: BandSpace,
  relief: (top: number, bottom: number) => Relief,
  out: RowStore<Uint32Array>,
): void {
  const { width } = space;
  const isNew = new Uint8Array(space.nBands).fill(1);
  settleBands(space, (index) => {
    const { from, to, top, bottom } = space.band(index, 1);
    const rows = out.read(top, bottom);
    const inside = rows.subarray((from - top) * width, (to - top) * width);
    const first = inside.slice(0, width);
    const last = inside.slice(-width);
    const { mask, marker } = relief(top, bottom);
    if (isNew[index] === 1) inside.set(marker.subarray((from - top) * width, (to - top) * width));
    reconstruct(width, bottom - top, mask, rows);
    out.write(from, inside);
    const isFirst = isNew[index] === 1;
    isNew[index] = 0;
    return {
      first: isFirst || !isEqual(first, inside.subarray(0, width)),
      last: isFirst || !isEqual(last, inside.subarray(-width)),
    };
  });
}
