import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { thinBands } from "../bands/thinBands.ts";
import { requireSize } from "./requireRows.ts";

/**
 * `skeletonize`, band by band: in memory with one band, with files and many bands for mosaics, the same pixels whatever the
 * bands. Lines up to about 16 px thick take one pass over the rows, a solid of 1000 px about 2000 / (rows of a band), only where
 * it lies. Memory holds a band, and up to as many rows again on either side.
 *
 * @param mask - foreground not 0; what lies outside the image is background
 * @returns mask of 0 and 1
 * @throws ShapeError for a mask of another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const lines = skeletonizeBands(space, boundaries);
 */
export function skeletonizeBands(space: BandSpace, mask: RowReader<Uint8Array>): RowStore<Uint8Array> {
  requireSize("skeletonize", space, mask);
  const skeleton = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    skeleton.write(
      from,
      mask.read(from, to).map((value) => (value === 0 ? 0 : 1)),
    );
  }
  thinBands(space, skeleton);
  return skeleton;
}
