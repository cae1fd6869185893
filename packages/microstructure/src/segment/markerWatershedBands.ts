import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { compactFloodBands } from "../bands/compactFloodBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { markerWatershed as floodLevels } from "../kernels/index.ts";
import { type GreyRange, rangeOfRows } from "./greyImage.ts";
import type { MarkerWatershedOptions } from "./markerWatershed.ts";
import { requireConnectivity } from "./requireConnectivity.ts";
import { requireSize } from "./requireRows.ts";

export interface MarkerWatershedBandsOptions extends Omit<MarkerWatershedOptions, "mask"> {
  /** Only pixels where it is not 0 are flooded. @defaultValue everywhere */
  readonly mask?: RowReader<Uint8Array> | undefined;
}

type ReliefData = Uint8Array | Uint16Array | Float32Array;

/**
 * `markerWatershed` band by band, with all its options and label for label: in memory with one band, with files and many bands
 * for mosaics. A band is flooded again whenever floods of the rows beside it have changed: some times each, more where a flood
 * winds through many bands.
 *
 * `floodBands` floods whole levels without mask, line or compactness, and gives ties to the smaller label.
 *
 * @param image - relief, finite where flooded
 * @param markers - 0 where the flood shall decide, other numbers keep theirs
 * @returns a store with the regions
 * @throws DomainError, ShapeError as `markerWatershed` does, before anything is written
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const cells = markerWatershedBands(space, gradient, markers, { compactness: 0.01, line: true });
 */
export function markerWatershedBands(
  space: BandSpace,
  image: RowReader<ReliefData>,
  markers: RowReader<Uint32Array>,
  options: MarkerWatershedBandsOptions = {},
): RowStore<Uint32Array> {
  const { mask, compactness = 0, line: hasLine = false } = options;
  const connectivity = requireConnectivity(CALLER, options.connectivity ?? 4);
  if (!(compactness >= 0 && compactness < Infinity)) {
    throw new DomainError(`${CALLER}: compactness must be at least 0, got ${compactness}`);
  }
  requireSize(CALLER, space, image);
  requireSize(CALLER, space, markers, "the marker image");
  if (mask !== undefined) requireSize(CALLER, space, mask, "the mask");
  const range = rangeOfRows(CALLER, space, image, mask);
  requireMarker(space, markers, mask);
  const labels = space.store("uint32");
  const isPlain = compactness === 0 && !hasLine;
  if (isPlain && space.nBands === 1) {
    const rows = markers.read(0, space.height).slice();
    const levels = inSteps(image.read(0, space.height), range);
    floodLevels(space.width, space.height, levels, mask?.read(0, space.height) ?? ALL, connectivity, rows);
    labels.write(0, rows);
    return labels;
  }
  const relief = mapRows(image, (rows) =>
    rows instanceof Float32Array && !isPlain ? rows : Float32Array.from(inSteps(rows, range)),
  );
  compactFloodBands(space, relief, markers, { mask, connectivity, compactness, hasLine }, labels);
  return labels;
}

const CALLER = "markerWatershed";
const ALL: Uint8Array = new Uint8Array(0);

function requireMarker(
  space: BandSpace,
  markers: RowReader<Uint32Array>,
  mask: RowReader<Uint8Array> | undefined,
): void {
  for (const { from, to } of space.bands(0)) {
    const rows = markers.read(from, to);
    const inside = mask?.read(from, to);
    for (let i = 0; i < rows.length; i++) if (rows[i] !== 0 && inside?.[i] !== 0) return;
  }
  throw new DomainError(`${CALLER}: no marker lies inside the mask; nothing can be flooded`);
}

const LEVELS = 65_536;

/** Grey in 65 535 steps over its range; whole numbers as they are. */
function inSteps(rows: ReliefData, { min, max }: GreyRange): Uint16Array {
  if (!(rows instanceof Float32Array)) return Uint16Array.from(rows);
  const scale = max > min ? (LEVELS - 1) / (max - min) : 0;
  const levels = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i++) levels[i] = (rows[i]! - min) * scale; // i < length; masked pixels do not count
  return levels;
}
