import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { mapRows } from "../bands/mapRows.ts";
import { reconstructGreyBands } from "../bands/reconstructGreyBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { requireConnectivity } from "./requireConnectivity.ts";
import { requireSize } from "./requireRows.ts";

export interface ReconstructOptions {
  /** Neighbours of a pixel, 4 or 8. @defaultValue 8 */
  readonly connectivity?: 4 | 8 | undefined;
}

/**
 * `reconstructByDilation` band by band: a store with the marker grown under the mask. Bands grow in turn until nothing changes at
 * the seams.
 *
 * @throws DomainError, ShapeError as `reconstructByDilation` does
 * @example
 * const tops = reconstructByDilationBands(space, eroded, grey);
 */
export function reconstructByDilationBands(
  space: BandSpace,
  marker: RowReader<Float32Array>,
  mask: RowReader<Float32Array>,
  options: ReconstructOptions = {},
): RowStore<Float32Array> {
  const grown = reconstructUnder("reconstructByDilation", space, marker, mask, 1, options);
  // Which of 0 and −0 grows over the other depends on the bands.
  for (const { from, to } of space.bands(0))
    grown.write(
      from,
      grown.read(from, to).map((value) => value + 0),
    );
  return grown;
}

/**
 * `reconstructByErosion` band by band: a store with the marker lowered onto the mask.
 *
 * @throws DomainError, ShapeError as `reconstructByErosion` does
 * @example
 * const filled = reconstructByErosionBands(space, marker, grey);
 */
export function reconstructByErosionBands(
  space: BandSpace,
  marker: RowReader<Float32Array>,
  mask: RowReader<Float32Array>,
  options: ReconstructOptions = {},
): RowStore<Float32Array> {
  const upsideDown = (rows: RowReader<Float32Array>): RowReader<Float32Array> => mapRows(rows, negative);
  const grown = reconstructUnder("reconstructByErosion", space, upsideDown(marker), upsideDown(mask), -1, options);
  for (const { from, to } of space.bands(0)) grown.write(from, negative(grown.read(from, to)));
  return grown;
}

/** Without −0. */
function negative(rows: Float32Array): Float32Array {
  return rows.map((value) => 0 - value);
}

function reconstructUnder(
  caller: string,
  space: BandSpace,
  marker: RowReader<Float32Array>,
  mask: RowReader<Float32Array>,
  sign: 1 | -1,
  options: ReconstructOptions,
): RowStore<Float32Array> {
  const { width } = space;
  const connectivity = requireConnectivity(caller, options.connectivity ?? 8);
  requireSize(caller, space, marker, "the marker");
  requireSize(caller, space, mask, "the mask");
  for (const { from, to } of space.bands(0))
    requireBelow(caller, from * width, marker.read(from, to), mask.read(from, to), sign);
  const out = space.store("float32");
  for (const { from, to } of space.bands(0)) out.write(from, marker.read(from, to));
  reconstructGreyBands(space, mask, connectivity, out);
  return out;
}

/** Refuses NaN, and a marker above the mask (upside down where `sign` is −1); `start` is the place of the first pixel. */
function requireBelow(caller: string, start: number, marker: Float32Array, mask: Float32Array, sign: 1 | -1): void {
  for (let i = 0; i < marker.length; i++) {
    const [f, g] = [marker[i]!, mask[i]!]; // same length
    if (Number.isNaN(f) || Number.isNaN(g)) {
      throw new DomainError(`${caller}: pixel ${start + i} is NaN; replace or crop such pixels first`);
    }
    if (f > g) {
      throw new DomainError(
        `${caller}: marker must ${sign > 0 ? "not exceed" : "not lie below"} mask; at pixel ${start + i} it is ${sign * f} and mask ${sign * g}`,
      );
    }
  }
}
