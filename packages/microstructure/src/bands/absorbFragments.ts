import type { BandSpace } from "./bandSpace.ts";
import type { BandLabels } from "./labelBands.ts";
import type { RowStore } from "./rowStore.ts";

/**
 * The kernel `absorbSmallRegions` band by band: every region of at most `largest` pixels goes to the larger region that
 * touches it along most pixel edges, of several the first; one that touches only other small regions stays. `store` gets the
 * regions, 1 … n without gaps.
 *
 * @param store - numbers from `labelBands`, none of them 0
 * @returns number of regions
 */
export function absorbFragments(
  space: BandSpace,
  store: RowStore<Uint32Array>,
  found: BandLabels,
  largest: number,
): number {
  const { regionOf } = found;
  const area = new Float64Array(found.n + 1);
  for (const { from, to } of space.bands(0)) {
    for (const number of store.read(from, to)) area[regionOf[number]!]! += 1; // numbers are below the length of regionOf
  }
  const contacts = countContacts(space, store, regionOf, (region) => area[region]! <= largest); // a region
  const target = new Uint32Array(found.n + 1);
  let n = 0;
  for (let k = 1; k <= found.n; k++) if (!contacts.has(k)) target[k] = ++n;
  for (const [small, edges] of contacts) {
    let best = 0;
    let most = 0;
    for (const [other, count] of edges) {
      if (count > most || (count === most && other < best)) {
        best = other;
        most = count;
      }
    }
    target[small] = target[best]!; // a large region, which has its number
  }
  for (const { from, to } of space.bands(0)) {
    const rows = store.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = target[regionOf[rows[i]!]!]!; // regions are below its length
    store.write(from, rows);
  }
  return n;
}

/** For every small region the pixel edges it shares with each region that is not small. */
function countContacts(
  space: BandSpace,
  store: RowStore<Uint32Array>,
  regionOf: Uint32Array,
  isSmall: (region: number) => boolean,
): Map<number, Map<number, number>> {
  const { width, height } = space;
  const contacts = new Map<number, Map<number, number>>();
  const touch = (numberA: number, numberB: number): void => {
    const a = regionOf[numberA]!; // numbers are below its length
    const b = regionOf[numberB]!;
    if (a === b || isSmall(a) === isSmall(b)) return;
    const [small, other] = isSmall(a) ? [a, b] : [b, a];
    let edges = contacts.get(small);
    if (edges === undefined) {
      edges = new Map();
      contacts.set(small, edges);
    }
    edges.set(other, (edges.get(other) ?? 0) + 1);
  };
  for (const { from, to } of space.bands(0)) {
    const rows = store.read(from, Math.min(height, to + 1));
    for (let i = 0; i < (to - from) * width; i++) {
      const number = rows[i]!; // i < length, as are its neighbours below
      if ((i + 1) % width !== 0 && rows[i + 1] !== number) touch(number, rows[i + 1]!);
      if (i + width < rows.length && rows[i + width] !== number) touch(number, rows[i + width]!);
    }
  }
  return contacts;
}
