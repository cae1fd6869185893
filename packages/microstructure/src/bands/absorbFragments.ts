import type { BandSpace } from "./bandSpace.ts";
import { FragmentGraph } from "./fragmentGraph.ts";
import type { BandLabels } from "./labelBands.ts";
import type { RowStore } from "./rowStore.ts";

/**
 * Joins regions of at most `largest` pixels to the larger region that touches them along most pixel edges, of several the first; one
 * that touches only other small regions stays. `store` gets the regions, 1 … n without gaps.
 *
 * @param store - numbers from `labelBands`, none of them 0
 * @param order - "at once", as the kernel `absorbSmallRegions` does it; or "smallest first", so that small ones have something
 * larger to join: those of 1 px until none finds a larger neighbour, then of up to 2, 4, … `largest`
 * @returns number of regions
 */
export function absorbFragments(
  space: BandSpace,
  store: RowStore<Uint32Array>,
  found: BandLabels,
  largest: number,
  order: "at once" | "smallest first",
): number {
  const graph = touchingFragments(space, store, found, largest);
  if (order === "at once") graph.absorb(largest);
  else {
    for (let limit = Math.min(1, largest); limit > 0; limit = limit < largest ? Math.min(2 * limit, largest) : 0) {
      while (graph.absorb(limit) > 0);
    }
  }
  const { n, numberOf } = graph.numbers();
  for (const { from, to } of space.bands(0)) {
    const rows = store.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = numberOf[found.regionOf[rows[i]!]!]!; // numbers are below the length of regionOf
    store.write(from, rows);
  }
  return n;
}

function touchingFragments(
  space: BandSpace,
  store: RowStore<Uint32Array>,
  { n, regionOf }: BandLabels,
  largest: number,
): FragmentGraph {
  const { width, height } = space;
  const area = new Float64Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    for (const number of store.read(from, to)) area[regionOf[number]!]! += 1; // numbers are below the length of regionOf
  }
  const graph = new FragmentGraph(area, largest);
  const touch = (numberA: number, numberB: number): void => {
    const a = regionOf[numberA]!; // as above
    const b = regionOf[numberB]!;
    if (a !== b) graph.touch(a, b);
  };
  for (const { from, to } of space.bands(0)) {
    const rows = store.read(from, Math.min(height, to + 1));
    for (let i = 0; i < (to - from) * width; i++) {
      const number = rows[i]!; // i < length, as are its neighbours below
      if ((i + 1) % width !== 0 && rows[i + 1] !== number) touch(number, rows[i + 1]!);
      if (i + width < rows.length && rows[i + width] !== number) touch(number, rows[i + width]!);
    }
  }
  return graph;
}
