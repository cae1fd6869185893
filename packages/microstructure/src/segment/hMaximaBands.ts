import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { reconstructGreyBands } from "../bands/reconstructGreyBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { rangeOfRows } from "./greyImage.ts";
import { negative } from "./negative.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { requireConnectivity } from "./requireConnectivity.ts";
import { requireSize } from "./requireRows.ts";

/**
 * `hMaxima` band by band: in memory with one band, with files and many bands for mosaics, the same pixels whatever the bands.
 * f − h is kept in double precision, 8 bytes a pixel of scratch, and bands are reconstructed in turn until nothing changes at
 * the seams. Memory holds a band.
 *
 * `maximaBands` gives one numbered seed on each of those above 0, with a depth that may grow with the height.
 *
 * @param image - one channel, finite
 * @param h - above 0, in the units of the image
 * @returns a store with 1 on the top plateau of each peak whose dynamics is at least `h`, 0 elsewhere
 * @throws DomainError for NaN or infinite pixels or h ≤ 0; ShapeError for an image of another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const markers = hMaximaBands(space, distance, 0.75);
 */
export function hMaximaBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  h: number,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  return markPeaks("hMaxima", space, image, h, options);
}

/**
 * `hMinima` band by band: the same for valleys.
 *
 * @example
 * const seeds = hMinimaBands(space, relief, 0.05);
 */
export function hMinimaBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  h: number,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  return markPeaks("hMinima", space, negative(image), h, options);
}

function markPeaks(
  caller: string,
  space: BandSpace,
  image: RowReader<Float32Array>,
  h: number,
  options: ReconstructOptions,
): RowStore<Uint8Array> {
  if (!(h > 0 && h < Infinity)) throw new DomainError(`${caller}: h must be above 0, got ${h}`);
  const connectivity = requireConnectivity(caller, options.connectivity ?? 8);
  requireSize(caller, space, image);
  rangeOfRows(caller, space, image);
  // Double precision holds f − h exactly unless f is 2²⁹ times finer than h.
  const grown = space.store("float64");
  for (const { from, to } of space.bands(0))
    grown.write(
      from,
      Float64Array.from(image.read(from, to), (v) => v - h),
    );
  reconstructGreyBands(space, image, connectivity, grown);
  const peaks = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const values = image.read(from, to);
    const levels = grown.read(from, to);
    const rows = new Uint8Array(values.length);
    for (let i = 0; i < rows.length; i++) if (levels[i] === values[i]! - h) rows[i] = 1; // of one length
    peaks.write(from, rows);
  }
  grown.close();
  return peaks;
}
