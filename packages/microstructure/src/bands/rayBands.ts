import { followRays } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

/** Rays from (x, y) along the unit vectors (dx, dy), each from inside a region. */
export interface Rays {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  /** Greatest length, px. */
  readonly reach: Float64Array;
  readonly region: Uint32Array;
}

/**
 * Lengths of rays to where their region ends, found between pixels; −1 for those that start outside, leave the image first or
 * are longer than their reach. Down all bands and up again: every ray meets the rows that it runs through in their order.
 */
export function rayBands(space: BandSpace, regions: RowReader<Uint32Array>, rays: Rays): Float64Array {
  const { width, height } = space;
  const { x, y, dx, dy, reach, region } = rays;
  const lengths = new Float64Array(x.length).fill(-1);
  const steps = new Int32Array(x.length);
  const before = new Float64Array(x.length).fill(1);
  const down = space.bands(1);
  for (const { from, bottom } of [...down, ...down.toReversed().slice(1)]) {
    const rows = regions.read(from, bottom);
    followRays(width, height, from, bottom - from, rows, x, y, dx, dy, reach, region, steps, before, lengths);
  }
  return lengths;
}
