import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { isEqual, settleBands } from "../bands/settleBands.ts";
import { lowerPlateaus } from "../kernels/index.ts";
import { rangeOfRows } from "./greyImage.ts";
import { negative } from "./negative.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { requireConnectivity } from "./requireConnectivity.ts";
import { requireSize } from "./requireRows.ts";

/**
 * `regionalMaxima` band by band: in memory with one band, with files and many bands for mosaics, the same pixels whatever the bands.
 * A plateau that a seam cuts is followed into the next band, and that visited again, until no plateau loses any more. Memory
 * holds a band.
 *
 * @param image - one channel, finite
 * @returns a store with 1 on plateaus without a higher neighbour, 0 elsewhere
 * @throws DomainError for NaN or infinite pixels; ShapeError for an image of another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const peaks = regionalMaximaBands(space, image);
 */
export function regionalMaximaBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  return markMaxima("regionalMaxima", space, image, options);
}

/**
 * `regionalMinima` band by band: the same for valleys.
 *
 * @example
 * const basins = regionalMinimaBands(space, relief);
 */
export function regionalMinimaBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  return markMaxima("regionalMinima", space, negative(image), options);
}

function markMaxima(
  caller: string,
  space: BandSpace,
  image: RowReader<Float32Array>,
  options: ReconstructOptions,
): RowStore<Uint8Array> {
  const { width } = space;
  const connectivity = requireConnectivity(caller, options.connectivity ?? 8);
  requireSize(caller, space, image);
  rangeOfRows(caller, space, image);
  // 1 where a pixel is known not to be of a maximum: it only ever spreads, so that the order of bands does not matter.
  const marks = space.store("uint8");
  settleBands(space, (index) => {
    const { from, to, top, bottom } = space.band(index, 1);
    const rows = marks.read(top, bottom);
    const inside = rows.subarray((from - top) * width, (to - top) * width);
    const first = inside.slice(0, width);
    const last = inside.slice(-width);
    lowerPlateaus(width, bottom - top, image.read(top, bottom), connectivity, rows);
    marks.write(from, inside);
    return { first: !isEqual(first, inside.subarray(0, width)), last: !isEqual(last, inside.subarray(-width)) };
  });
  for (const { from, to } of space.bands(0)) {
    const rows = marks.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = 1 - rows[i]!; // i < length
    marks.write(from, rows);
  }
  return marks;
}
