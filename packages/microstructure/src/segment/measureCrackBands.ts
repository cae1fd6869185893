import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { distanceBands } from "../bands/distanceBands.ts";
import { labelBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { thinBands } from "../bands/thinBands.ts";
import type { Crack, CrackMeasurement, MeasureCracksOptions } from "./measureCracks.ts";
import { requireSize } from "./requireRows.ts";
import { type CrackPixels, traceCrack } from "./traceCrack.ts";

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
  const mask = maskOf(space, cracks, label);
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
  const { start, ...pixels } = gather(space, { skeleton: mask, numbers, regionOf, radius, nParts });
  for (const store of [mask, numbers, radius]) store.close();
  const found: Crack[] = [];
  for (let part = 1; part <= nParts; part++) {
    const [begin, end] = [start[part]!, start[part + 1]!]; // one more than parts
    const crack = traceCrack(
      {
        x: pixels.x.subarray(begin, end),
        y: pixels.y.subarray(begin, end),
        radius: pixels.radius.subarray(begin, end),
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

/** 1 where the cracks are. */
function maskOf(
  space: BandSpace,
  cracks: RowReader<Uint8Array | Uint32Array>,
  label: number | undefined,
): RowStore<Uint8Array> {
  const mask = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const values = cracks.read(from, to);
    const rows = new Uint8Array(values.length);
    for (let i = 0; i < rows.length; i++)
      rows[i] = (label === undefined ? values[i] !== 0 : values[i] === label) ? 1 : 0;
    mask.write(from, rows);
  }
  return mask;
}

function invert(mask: Uint8Array): Uint8Array {
  return mask.map((value) => (value === 0 ? 1 : 0));
}

interface Thinned {
  readonly skeleton: RowReader<Uint8Array>;
  readonly numbers: RowReader<Uint32Array>;
  readonly regionOf: Uint32Array;
  readonly radius: RowReader<Float32Array>;
  readonly nParts: number;
}

interface Gathered extends CrackPixels {
  /** Where the pixels of part k begin, k = 1 … nParts; they end where those of part k + 1 begin. */
  readonly start: Uint32Array;
}

/** The pixels of the skeleton, crack after crack, each in raster order. */
function gather(space: BandSpace, { skeleton, numbers, regionOf, radius, nParts }: Thinned): Gathered {
  const { width } = space;
  const start = new Uint32Array(nParts + 2);
  for (const { from, to } of space.bands(0)) {
    const rows = skeleton.read(from, to);
    const parts = numbers.read(from, to);
    for (let i = 0; i < rows.length; i++) if (rows[i] !== 0) start[regionOf[parts[i]!]! + 1]! += 1; // same length; a part ≤ nParts
  }
  for (let part = 1; part < start.length; part++) start[part]! += start[part - 1]!; // below length
  const n = start[nParts + 1]!; // its last
  const next = start.slice();
  const x = new Uint32Array(n);
  const y = new Uint32Array(n);
  const radii = new Float32Array(n);
  for (const { from, to } of space.bands(0)) {
    const rows = skeleton.read(from, to);
    const parts = numbers.read(from, to);
    const distances = radius.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] === 0) continue;
      const part = regionOf[parts[i]!]!; // the skeleton lies inside the mask
      const place = next[part]!;
      next[part] = place + 1;
      x[place] = i % width;
      y[place] = from + Math.floor(i / width);
      const distance = distances[i]!; // same length
      radii[place] = Number.isFinite(distance) ? distance : 0;
    }
  }
  return { start, x, y, radius: radii };
}
