import type { BandSpace } from "../bands/bandSpace.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { cutAtNecks } from "../segment/splitTouching.ts";

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
  const parts = cutAtNecks(space, mask, { hAbsolute: 0.5, hRelative: options.necking ?? 0.15 });
  const labels = space.store("uint32");
  const { n, regionOf } = labelBands(space, parts.labels, 8, labels);
  parts.labels.close();
  renumberBands(space, labels, regionOf);
  return { labels, n };
}
