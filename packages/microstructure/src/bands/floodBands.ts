import { DomainError } from "@materiome/core";
import { floodArrivals, floodLabels, NOT_REACHED, watershed } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";
import { isEqual, settleBands } from "./settleBands.ts";

/**
 * The kernel `watershed` band by band, label for label. First the states in which floods arrive, then the labels, each in
 * bands in turn until nothing changes at the seams.
 *
 * @param levels - 0 … nLevels − 1
 * @param seeds - labels > 0 of the seeds, 0 elsewhere
 * @param out - gets the partition; 0 where no seed reaches
 * @throws DomainError where a flood runs on one level for more steps than a state can count (2³² / nLevels, about a million
 *   with 4096 levels): a maze
 */
export function floodBands(
  space: BandSpace,
  levels: RowReader<Uint16Array>,
  nLevels: number,
  seeds: RowReader<Uint32Array>,
  out: RowStore<Uint32Array>,
): void {
  if (space.nBands === 1) {
    const labels = seeds.read(0, space.height).slice();
    watershed(space.width, space.height, levels.read(0, space.height), nLevels, labels);
    out.write(0, labels);
    return;
  }
  const { width } = space;
  const arrivals = space.store("uint32");
  const levelSteps = 2 ** Math.floor(32 - Math.log2(nLevels));
  const isNew = new Uint8Array(space.nBands).fill(1);
  const reached = (index: number, row: number): Uint32Array => {
    const isKnown = row >= 0 && row < space.height && isNew[index] === 0;
    return isKnown ? arrivals.read(row, row + 1).slice() : new Uint32Array(width).fill(NOT_REACHED);
  };
  settleBands(space, (index) => {
    const { from, to } = space.band(index, 0);
    const above = reached(index - 1, from - 1);
    const below = reached(index + 1, to);
    const isFirst = isNew[index] === 1;
    const rows = arrivals.read(from, to);
    const ground = levels.read(from, to);
    if (isFirst) {
      const marks = seeds.read(from, to);
      for (let i = 0; i < rows.length; i++) rows[i] = marks[i] === 0 ? NOT_REACHED : ground[i]! * levelSteps; // same length
    }
    const first = rows.slice(0, width);
    const last = rows.slice(-width);
    if (!floodArrivals(width, to - from, ground, nLevels, levelSteps, above, below, isFirst, rows)) {
      throw new DomainError(
        `floodBands: a flood takes more than ${levelSteps} steps on one level, which is more than can be counted with ${nLevels} levels; use fewer levels`,
      );
    }
    arrivals.write(from, rows);
    isNew[index] = 0;
    return {
      first: isFirst || !isEqual(first, rows.subarray(0, width)),
      last: isFirst || !isEqual(last, rows.subarray(-width)),
    };
  });
  for (const { from, to } of space.bands(0)) {
    const rows = out.read(from, to);
    rows.fill(0);
    out.write(from, rows);
  }
  settleBands(space, (index) => {
    const { from, to, top, bottom } = space.band(index, 1);
    const labels = out.read(top, bottom);
    const inside = labels.subarray((from - top) * width, (to - top) * width);
    const first = inside.slice(0, width);
    const last = inside.slice(-width);
    inside.set(seeds.read(from, to));
    floodLabels(width, bottom - top, from - top, to - top, arrivals.read(top, bottom), labels);
    out.write(from, inside);
    return { first: !isEqual(first, inside.subarray(0, width)), last: !isEqual(last, inside.subarray(-width)) };
  });
  arrivals.close();
}
