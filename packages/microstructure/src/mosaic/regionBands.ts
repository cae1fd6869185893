import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { addRegionMoments, neighbourChanges, REGION_FIELDS, startRegionMoments } from "../kernels/index.ts";
import { describeRegion, type Region } from "../regions/regionTable.ts";

export interface RegionBandsOptions {
  /** Largest label. */
  readonly nRegions: number;
  /** Image of the same size, for the mean grey. @defaultValue none */
  readonly grey?: RowReader<Float32Array> | undefined;
  /** What counts as a change along the test lines. @defaultValue any two labels that differ */
  readonly changes?: "labels" | "bodies" | undefined;
  /** Class of every pixel, a small number, to be told of each region. @defaultValue none */
  readonly classes?: RowReader<Uint8Array> | undefined;
}

export interface RegionBands {
  /** As `regionTable` gives them. */
  readonly regions: readonly Region[];
  /** Steps that change the label (with "bodies": from or to 0), along 0°, 45°, 90° and 135°. */
  readonly nChanges: Float64Array;
  /** Pixels that are not 0. */
  readonly nPixels: number;
  /** Class of the first pixel of each region, in the order of `regions`. Empty without classes. */
  readonly classOf: readonly number[];
}

/** All that is summed over the regions of labels that need not be in memory, in one pass over the bands. */
export function regionBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  options: RegionBandsOptions,
): RegionBands {
  const { width, height } = space;
  const { nRegions, grey, classes } = options;
  const sums = new Float64Array((nRegions + 1) * REGION_FIELDS);
  const classOfLabel = new Uint8Array(classes === undefined ? 0 : nRegions + 1);
  const isKnown = new Uint8Array(classOfLabel.length);
  startRegionMoments(width, height, nRegions, sums);
  const nChanges = new Float64Array(4);
  let nPixels = 0;
  for (const { from, to } of space.bands(0)) {
    const end = Math.min(height, to + 1);
    const rows = labels.read(from, end);
    addRegionMoments(width, height, from, to, rows, grey?.read(from, to) ?? NO_GREY, sums);
    const size = (to - from) * width;
    for (let i = 0; i < size; i++) if (rows[i] !== 0) nPixels++;
    const compared = options.changes === "bodies" ? rows.map((label) => Math.min(1, label)) : rows;
    neighbourChanges(width, end - from, 0, to - from, compared, nChanges);
    if (classes === undefined) continue;
    const found = classes.read(from, to);
    for (let i = 0; i < size; i++) {
      const label = rows[i]!; // i < size, labels ≤ nRegions
      if (isKnown[label] === 1) continue;
      isKnown[label] = 1;
      classOfLabel[label] = found[i]!; // as many as labels
    }
  }
  const regions: Region[] = [];
  const classOf: number[] = [];
  for (let label = 1; label <= nRegions; label++) {
    const row = sums.subarray(label * REGION_FIELDS, (label + 1) * REGION_FIELDS);
    if (row[0] === 0) continue;
    regions.push(describeRegion(label, row, width, height, grey !== undefined));
    if (classes !== undefined) classOf.push(classOfLabel[label]!); // label ≤ nRegions
  }
  return { regions, nChanges, nPixels, classOf };
}

const NO_GREY = new Float32Array(0);
