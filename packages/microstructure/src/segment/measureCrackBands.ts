import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { distanceBands } from "../bands/distanceBands.ts";
import { gatherPixels } from "../bands/gatherPixels.ts";
import { labelBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { thinBands } from "../bands/thinBands.ts";
import { labelMask } from "./labelMask.ts";
import type { Crack, CrackMeasurement, MeasureCracksOptions } from "./measureCracks.ts";
import { requireSize } from "./requireRows.ts";
import { traceCrack } from "./traceCrack.ts";

export interface MeasureCrackBandsOptions extends MeasureCracksOptions {
  /** Calibration, µm/px. @defaultValue none: no density per mm */
  readonly pixelSizeUm?: number | undefined;
}

/**
 * `measureCracks`, band by band: in memory with one band, with files and many bands for mosaics, the same numbers whatever the
 * bands. Memory holds a band, 12 bytes for every pixel of a skeleton, some hundred for every one of the crack that is being
 * traced, 12 for every crack or speck, and what is returned; thinning holds what `skeletonizeBands` does.
 *
 * @param cracks - mask (non-zero is crack) or label map
 * @throws ShapeError for an image of another size than the space; DomainError for options out of range
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { cracks, densityPerMm } = measureCrackBands(space, crackMask, { pixelSizeUm: 0.25 });
 */
export function measureCrackBands(
  space: BandSpace,
  cracks: RowReader<Uint8Array | Uint32Array>,
  options: MeasureCrackBandsOptions = {},
): CrackMeasurement {
  const { label, minLengthPx = 5, pixelSizeUm } = options;
  if (!(minLengthPx >= 0)) throw new DomainError(`measureCracks: minLengthPx must be at least 0, got ${minLengthPx}`);
  requireSize("measureCracks", space, cracks);
  const mask = labelMask(space, cracks, label);
  const numbers = space.store("uint32");
  const { n: nParts, regionOf } = labelBands(space, mask, 8, numbers);
  const radius = space.store("float32");
  distanceBands(space, mapRows(mask, invert), radius);
  const areas = new Float64Array(nParts + 1);
  for (const { from, to } of space.bands(0)) {
    const rows = numbers.read(from, to);
    for (let i = 0; i < rows.length; i++) if (rows[i] !== 0) areas[regionOf[rows[i]!]!]! += 1; // numbers of labelBands
  }
  thinBands(space, mask);
  const { start, x, y, values } = gatherPixels(space, { marks: mask, numbers, regionOf, n: nParts, values: radius });
  for (const store of [mask, numbers, radius]) store.close();
  const found: Crack[] = [];
  for (let part = 1; part <= nParts; part++) {
    const [begin, end] = [start[part]!, start[part + 1]!]; // one more than parts
    const crack = traceCrack(
      {
        x: x.subarray(begin, end),
        y: y.subarray(begin, end),
        radius: values.subarray(begin, end).map((distance) => (Number.isFinite(distance) ? distance : 0)),
      },
      areas[part]!, // part ≤ nParts
    );
    if (crack !== undefined && crack.lengthPx >= minLengthPx) found.push(crack);
  }
  found.sort((a, b) => b.lengthPx - a.lengthPx);
  const size = space.width * space.height;
  const total = found.reduce((sum, crack) => sum + crack.totalLengthPx, 0);
  return {
    cracks: found,
    totalLengthPx: total,
    densityPerPx: total / size,
    densityPerMm: pixelSizeUm === undefined ? undefined : (1000 * total) / (size * pixelSizeUm),
    areaFraction: areas.reduce((sum, area) => sum + area, 0) / size,
    pixelSizeUm,
  };
}

function invert(mask: Uint8Array): Uint8Array {
  return mask.map((value) => (value === 0 ? 1 : 0));
}
