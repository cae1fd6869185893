import { DataError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import type { Twin } from "./findTwins.ts";
import { labelAreas } from "./labelAreas.ts";
import type { MergedTwins } from "./mergeTwins.ts";
import { requireSize } from "./requireRows.ts";

export interface MergedTwinBands extends Omit<MergedTwins, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `mergeTwins`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the bands.
 *
 * @param labels - not changed
 * @throws DataError for a twin whose label or parents are not in the map; ShapeError for labels of another size than the space
 * @example
 * const { labels: grains, nGrains } = mergeTwinBands(space, labels, findTwinBands(space, labels));
 */
export function mergeTwinBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  twins: readonly Twin[],
): MergedTwinBands {
  requireSize("mergeTwins", space, labels, "the label map");
  const area = labelAreas(space, labels);
  const parent = Uint32Array.from(area.keys());
  const find = (k: number): number => {
    let root = k;
    while (parent[root] !== root) root = parent[root]!; // labels below its length, as below
    for (let step = k; step !== root; ) {
      const up = parent[step]!;
      parent[step] = root;
      step = up;
    }
    return root;
  };
  for (const { label, parents } of twins) {
    for (const k of [label, ...parents]) {
      if (k === 0 || !(area[k]! > 0)) {
        throw new DataError(`mergeTwins: label ${k} is not in the map; use the label map that findTwins was given`);
      }
      const a = find(label);
      const b = find(k);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const number = new Uint32Array(area.length);
  let nGrains = 0;
  let nBefore = 0;
  for (let k = 1; k < area.length; k++) {
    if (area[k] === 0) continue;
    nBefore++;
    const root = find(k);
    if (number[root] === 0) number[root] = ++nGrains;
    number[k] = number[root]!;
  }
  const merged = space.store("uint32");
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    const numbers = merged.read(from, to);
    for (let i = 0; i < rows.length; i++) numbers[i] = number[rows[i]!]!; // i < length
    merged.write(from, numbers);
  }
  return { labels: merged, nGrains, nMerged: nBefore - nGrains };
}
