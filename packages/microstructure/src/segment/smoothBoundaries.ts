import { absorbFragments } from "../bands/absorbFragments.ts";
import type { BandSpace } from "../bands/bandSpace.ts";
import { labelBands } from "../bands/labelBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { smoothLabels } from "../kernels/index.ts";

export interface SmoothedLabels {
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
}

/**
 * Evens out the one-pixel steps that a watershed leaves along boundaries (they would add crossings with test lines): two
 * passes of a Gaussian-weighted majority vote in a 5 × 5 window. Fragments of up to `largestFragment` px that this cuts off
 * go to the neighbour they touch most. Every label stays one 4-connected region; labels become 1 … n.
 *
 * @param labels - partition
 */
export function smoothBands(space: BandSpace, labels: RowReader<Uint32Array>, largestFragment: number): SmoothedLabels {
  const { width } = space;
  const smooth = space.store("uint32");
  for (const { from, to, top, bottom } of space.bands(2 * RADIUS)) {
    const rows = labels.read(top, bottom);
    const once = new Uint32Array(rows.length);
    const twice = new Uint32Array(rows.length);
    smoothLabels(width, bottom - top, rows, RADIUS, WEIGHTS, once);
    smoothLabels(width, bottom - top, once, RADIUS, WEIGHTS, twice);
    smooth.write(from, twice.subarray((from - top) * width, (to - top) * width));
  }
  const regions = space.store("uint32");
  const found = labelBands(space, smooth, 4, regions);
  smooth.close();
  return { labels: regions, n: absorbFragments(space, regions, found, largestFragment, "at once") };
}

const RADIUS = 2;
const SIGMA = 2;
const WEIGHTS: Float64Array = Float64Array.from({ length: (2 * RADIUS + 1) ** 2 }, (_, k) => {
  const dx = (k % (2 * RADIUS + 1)) - RADIUS;
  const dy = Math.floor(k / (2 * RADIUS + 1)) - RADIUS;
  return Math.exp((-0.5 * (dx * dx + dy * dy)) / (SIGMA * SIGMA));
});
