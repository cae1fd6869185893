import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { addBorders, type BorderTable, createBorderTable } from "../kernels/index.ts";

/**
 * The borders between the regions of a label map, with the strength summed along them in raster order, the same to the last
 * bit whatever the bands.
 *
 * @param labels - 0 takes no part
 * @param strength - of a pixel; that of a crack is the larger of its two
 * @param endPx - cracks with a third region this near are no longer free
 */
export function collectBorders(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  strength: RowReader<Float32Array>,
  endPx: number,
): BorderTable {
  const { width, height } = space;
  const table = createBorderTable();
  for (const { from, to, top, bottom } of space.bands(Math.max(1, endPx))) {
    addBorders(width, height, top, from, to, labels.read(top, bottom), strength.read(top, bottom), endPx, table);
  }
  return table;
}

/** Mean strength along a border: of its free part where there is one; a border that is all ends is judged whole. */
export function borderStrength(table: BorderTable, border: number): number {
  const nFree = table.freeCracks[border]!; // below count, as below
  return nFree > 0 ? table.freeStrength[border]! / nFree : table.strength[border]! / table.cracks[border]!;
}
