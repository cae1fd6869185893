import type { BandSpace } from "../bands/bandSpace.ts";
import { distanceBands } from "../bands/distanceBands.ts";
import { floodBands } from "../bands/floodBands.ts";
import { maximaBands } from "../bands/maximaBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface GrainPartition {
  /** 1 … n on every pixel. */
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
  /** Distance of every pixel from the boundary lines, px. */
  readonly distance: RowStore<Float32Array>;
  /** Largest distance in each region: its inscribed radius, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
}

/**
 * Cuts the image into regions along the boundary lines, straight across their gaps: watershed, from the maxima of the
 * distance to the lines, on the negated distance with the lines on top (stronger lines higher). Maxima whose
 * dynamics is below a tenth of their height (at least 0.4 px) are dropped. Cuts more than there are grains.
 *
 * @param mask - 1 on boundary lines, from `boundaryNetwork`
 * @param typical - strength of a typical boundary
 */
export function partitionGrains(
  space: BandSpace,
  crest: RowReader<Float32Array>,
  mask: RowReader<Uint8Array>,
  typical: number,
): GrainPartition {
  const distance = space.store("float32");
  const largest = distanceBands(space, mask, distance);
  const seeds = space.store("uint32");
  const n = maximaBands(space, distance, { hAbsolute: 0.4, hRelative: 0.1 }, seeds);
  const levels = space.store("uint16");
  const lineScale = (LINE_LEVELS - 1) / (2 * typical);
  const distanceScale = (DISTANCE_LEVELS - 1) / largest;
  for (const { from, to } of space.bands(0)) {
    const rows = levels.read(from, to);
    const isLine = mask.read(from, to);
    const strength = crest.read(from, to);
    const away = distance.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      // All of one length.
      rows[i] =
        isLine[i] === 1
          ? DISTANCE_LEVELS + Math.min(LINE_LEVELS - 1, Math.floor(strength[i]! * lineScale))
          : DISTANCE_LEVELS - 1 - Math.floor(away[i]! * distanceScale);
    }
    levels.write(from, rows);
  }
  const labels = space.store("uint32");
  floodBands(space, levels, DISTANCE_LEVELS + LINE_LEVELS, seeds, labels);
  levels.close();
  seeds.close();
  const inscribedRadius = new Float64Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    const away = distance.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      const label = rows[i]!; // 1 … n
      if (away[i]! > inscribedRadius[label]!) inscribedRadius[label] = away[i]!;
    }
  }
  return { labels, n, distance, inscribedRadius };
}

const DISTANCE_LEVELS = 2048;
const LINE_LEVELS = 2048;
