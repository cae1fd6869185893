import { DomainError, ShapeError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";

/**
 * Refuses what no pipeline in bands can take: an image of another size than the space, sides below `minSide`, NaN or infinite
 * values.
 *
 * @throws ShapeError, DomainError naming `caller`
 */
export function requireRows(
  caller: string,
  space: BandSpace,
  channels: readonly RowReader<Float32Array>[],
  minSide: number,
): void {
  const { width, height } = space;
  if (width < minSide || height < minSide) {
    throw new ShapeError(`${caller}: needs at least ${minSide} × ${minSide} px, got ${width} × ${height}`);
  }
  for (const channel of channels) {
    requireSize(caller, space, channel);
    for (const { from, to } of space.bands(0)) {
      const rows = channel.read(from, to);
      for (let i = 0; i < rows.length; i++) {
        if (Number.isFinite(rows[i])) continue;
        const y = from + Math.floor(i / width);
        throw new DomainError(
          `${caller}: the image holds NaN or infinite values, the first in pixel (${i % width}, ${y}); replace or crop them first`,
        );
      }
    }
  }
}

/**
 * Refuses rows of another size than the space they are to be worked on in.
 *
 * @param what - of the rows, for the message: a noun in the singular
 * @throws ShapeError naming `caller`
 */
export function requireSize(
  caller: string,
  { width, height }: BandSpace,
  rows: RowReader<unknown>,
  what = "the image",
): void {
  if (rows.width !== width || rows.height !== height) {
    throw new ShapeError(
      `${caller}: ${what} is ${rows.width} × ${rows.height} px, the space it is worked on in ${width} × ${height}; make the space of the size of the image`,
    );
  }
}
