import { growMask } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";
import { isEqual, settleBands } from "./settleBands.ts";

/** Pixels of the ground of `growBands`. */
export const CLOSED = 0;
export const OPEN = 1;
export const START = 2;

/**
 * Every start and every open pixel that a path of such pixels joins to one: `out`, empty on entry, gets 1 there. Bands grow in
 * turn until nothing changes at the seams.
 *
 * @param ground - CLOSED, OPEN or START
 */
export function growBands(
  space: BandSpace,
  ground: RowReader<Uint8Array>,
  connectivity: 4 | 8,
  out: RowStore<Uint8Array>,
): void {
  const { width } = space;
  const isNew = new Uint8Array(space.nBands).fill(1);
  let stack = new Int32Array(0);
  settleBands(space, (index) => {
    const { from, to, top, bottom } = space.band(index, 1);
    const rows = ground.read(top, bottom);
    const mask = out.read(top, bottom);
    if (stack.length < mask.length) stack = new Int32Array(mask.length);
    const begin = (from - top) * width;
    const end = (to - top) * width;
    const inside = mask.subarray(begin, end);
    const first = inside.slice(0, width);
    const last = inside.slice(-width);
    let depth = 0;
    // What is inside has grown to its limits before: only the rows beside the band can set it off again.
    for (let i = 0; i < begin; i++) if (mask[i] === 1) stack[depth++] = i;
    for (let i = end; i < mask.length; i++) if (mask[i] === 1) stack[depth++] = i;
    for (let i = begin; isNew[index] === 1 && i < end; i++) {
      if (rows[i] !== START) continue;
      mask[i] = 1;
      stack[depth++] = i;
    }
    isNew[index] = 0;
    growMask(width, bottom - top, rows, connectivity, stack, depth, mask);
    out.write(from, inside);
    return { first: !isEqual(first, inside.subarray(0, width)), last: !isEqual(last, inside.subarray(-width)) };
  });
}
