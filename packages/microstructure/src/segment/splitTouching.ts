import type { BandSpace } from "../bands/bandSpace.ts";
import { distanceBands } from "../bands/distanceBands.ts";
import { floodBands } from "../bands/floodBands.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import { maximaBands } from "../bands/maximaBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface PartBands {
  /** 1 … n, 0 outside the mask. */
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
}

/**
 * Labels the parts of a mask, cutting touching ones where the neck between them is narrower than `neck` times the inscribed
 * diameter of the smaller.
 *
 * @param mask - 1 inside
 * @param neck - 0 (never cut) … 1
 */
export function splitTouching(space: BandSpace, mask: RowReader<Uint8Array>, neck: number): PartBands {
  if (neck > 0) return cutAtNecks(space, mask, { hAbsolute: LEAST_STEP_PX, hRelative: 1 - neck });
  const labels = space.store("uint32");
  const { n, regionOf } = labelBands(space, mask, 8, labels);
  renumberBands(space, labels, regionOf);
  return { labels, n };
}

/** Steps of the distance below this are the staircase of the pixels. */
const LEAST_STEP_PX = 0.75;

/**
 * Cuts a mask into parts: watershed on the distance to the background, from the maxima of that distance.
 *
 * @param mask - not 0 inside
 * @param dynamics - of a maximum that is a part of its own, see `maximaBands`
 */
export function cutAtNecks(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  dynamics: { readonly hAbsolute: number; readonly hRelative: number },
): PartBands {
  const { width } = space;
  const outside = mapRows(mask, (rows) => rows.map((inside) => (inside === 0 ? 1 : 0)));
  const distance = space.store("float32");
  const largest = Math.fround(distanceBands(space, outside, distance));
  const labels = space.store("uint32");
  if (largest === 0 || largest === Infinity) {
    // All background, or all mask: one part.
    distance.close();
    const n = largest === 0 ? 0 : 1;
    for (const { from, to } of space.bands(0)) labels.write(from, new Uint32Array((to - from) * width).fill(n));
    return { labels, n };
  }
  const seeds = space.store("uint32");
  const n = maximaBands(space, distance, dynamics, seeds);
  const levels = mapRows(distance, (away) => {
    const rows = new Uint16Array(away.length);
    for (let i = 0; i < rows.length; i++) {
      const share = away[i]! / largest; // same length
      rows[i] = share === 0 ? N_LEVELS - 1 : N_LEVELS - 2 - Math.floor(share * (N_LEVELS - 2));
    }
    return rows;
  });
  floodBands(space, levels, N_LEVELS, seeds, labels);
  seeds.close();
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    const away = distance.read(from, to);
    for (let i = 0; i < rows.length; i++) if (away[i] === 0) rows[i] = 0; // same length
    labels.write(from, rows);
  }
  distance.close();
  return { labels, n };
}

const N_LEVELS = 4096;
