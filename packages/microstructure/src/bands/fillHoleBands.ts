import type { BandSpace } from "./bandSpace.ts";
import { CLOSED, growBands, OPEN, START } from "./growBands.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * Fills the holes of a mask: `out`, empty on entry, gets 1 but where a path of zeros, through 4 or 8 neighbours, leads to the
 * border of the image.
 *
 * @param connectivity - of the zeros: 4 where the foreground has 8, 8 where it has 4
 * @example
 * fillHoleBands(space, mask, 4, space.store("uint8"));
 */
export function fillHoleBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  connectivity: 4 | 8,
  out: RowStore<Uint8Array>,
): void {
  const { width, height } = space;
  const ground: RowReader<Uint8Array> = {
    width,
    height,
    read(top, bottom) {
      const rows = mask.read(top, bottom).map((value) => (value === 0 ? OPEN : CLOSED));
      const onBorder = (i: number): void => {
        if (rows[i] === OPEN) rows[i] = START;
      };
      for (let i = 0; i < rows.length; i += width) {
        onBorder(i);
        onBorder(i + width - 1);
      }
      for (let x = 0; x < width; x++) {
        if (top === 0) onBorder(x);
        if (bottom === height) onBorder(rows.length - width + x);
      }
      return rows;
    },
  };
  growBands(space, ground, connectivity, out);
  for (const { from, to } of space.bands(0)) {
    const rows = out.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = 1 - rows[i]!; // i < length
    out.write(from, rows);
  }
}
