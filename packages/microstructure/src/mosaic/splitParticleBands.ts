import type { BandSpace } from "../bands/bandSpace.ts";
import { distanceBands } from "../bands/distanceBands.ts";
import { floodBands } from "../bands/floodBands.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import { maximaBands } from "../bands/maximaBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface SplitParticleBandsOptions {
  /**
   * How much higher the distance to the edge must be in the middle of each of two particles than in the neck between them, as a
   * share of the smaller of the two, 0 … 1, for them to be cut. @defaultValue 0.15
   */
  readonly necking?: number | undefined;
}

export interface ParticleBands {
  /** Particles 1 … n in raster order, 0 outside. */
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
}

/**
 * Cuts a mask of particles that need not be in memory into single ones: exact distance to the edge of the mask, its maxima of
 * sufficient dynamics, watershed on the distance, the parts numbered. Whatever the bands, the same labels.
 *
 * @param mask - 1 inside particles
 * @example
 * const { labels, n } = splitParticleBands(space, mask);
 */
export function splitParticleBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  options: SplitParticleBandsOptions = {},
): ParticleBands {
  const { width, height } = space;
  const outside: RowReader<Uint8Array> = {
    width,
    height,
    read: (from, to) => mask.read(from, to).map((inside) => 1 - Math.min(1, inside)),
  };
  const distance = space.store("float32");
  const largest = distanceBands(space, outside, distance);
  if (largest === Number.POSITIVE_INFINITY) {
    // The mask is the whole image: one particle.
    distance.close();
    const all = space.store("uint32");
    for (const { from, to } of space.bands(0)) all.write(from, new Uint32Array((to - from) * width).fill(1));
    return { labels: all, n: 1 };
  }
  const seeds = space.store("uint32");
  maximaBands(space, distance, { hAbsolute: 0.5, hRelative: options.necking ?? 0.15 }, seeds);
  const levels: RowReader<Uint16Array> = {
    width,
    height,
    read(from, to) {
      const away = distance.read(from, to);
      const rows = new Uint16Array(away.length);
      const scale = (N_LEVELS - 2) / Math.max(1, largest);
      for (let i = 0; i < rows.length; i++) {
        rows[i] = away[i] === 0 ? N_LEVELS - 1 : N_LEVELS - 2 - Math.floor(away[i]! * scale); // same length
      }
      return rows;
    },
  };
  const flooded = space.store("uint32");
  floodBands(space, levels, N_LEVELS, seeds, flooded);
  seeds.close();
  const parts: RowReader<Uint32Array> = {
    width,
    height,
    read(from, to) {
      const rows = flooded.read(from, to).slice();
      const away = distance.read(from, to);
      for (let i = 0; i < rows.length; i++) if (away[i] === 0) rows[i] = 0; // same length
      return rows;
    },
  };
  const labels = space.store("uint32");
  const { n, regionOf } = labelBands(space, parts, 8, labels);
  renumberBands(space, labels, regionOf);
  flooded.close();
  distance.close();
  return { labels, n };
}

const N_LEVELS = 4096;
