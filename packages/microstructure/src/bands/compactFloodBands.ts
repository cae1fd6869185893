import { compactWatershed, type FloodRow, floodsMatter } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";
import { visitUntilSettled } from "./settleBands.ts";

export interface CompactFlood {
  readonly mask: RowReader<Uint8Array> | undefined;
  readonly connectivity: 4 | 8;
  readonly compactness: number;
  readonly hasLine: boolean;
}

/**
 * The kernel `compactWatershed` band by band, label for label: `out` gets the regions.
 *
 * Every band is flooded from its markers and the floods last seen in the rows beside it, and again when these change. What a visit
 * draws from floods that prove wrong must not keep itself alive through the neighbour: a flood that goes back and forth over a seam
 * would come later each time and never go (a count to infinity). So each flood on the edge of a band remembers the pixel
 * beside the band that it came through, and goes at once when the flood there changes, with all that came through itself. Hence
 * what is held always leads back to a marker through floods that are held, each later than the one before: there are
 * finitely many such. The earliest wrong flood that is held has only right ones before it, so that the next visit of its
 * band, which is due, removes it, and brings none as early. So all ends, with one result: floods that agree with all before
 * them, pixel by pixel. A change that comes too late to matter beside the band does not make its neighbour due.
 */
export function compactFloodBands(
  space: BandSpace,
  relief: RowReader<Float32Array>,
  markers: RowReader<Uint32Array>,
  { mask, connectivity, compactness, hasLine }: CompactFlood,
  out: RowStore<Uint32Array>,
): void {
  const { width, nBands } = space;
  const edges = nBands > 1 ? openEdges(space) : undefined;
  const matters: Matters = (index, side, changed, beside, own) => {
    const { from, to } = space.band(index, 0);
    const row = side === FIRST ? from : to - 1;
    const levels = relief.read(row, row + 1);
    const inside = mask?.read(row, row + 1) ?? new Uint8Array(0);
    return floodsMatter(width, row, levels, inside, connectivity, compactness, hasLine, changed, beside, own);
  };
  visitUntilSettled(nBands, (index) => {
    const { from, to } = space.band(index, 0);
    const labels = markers.read(from, to).slice();
    const inside = mask?.read(from, to) ?? new Uint8Array(0);
    const above = index > 0 && edges ? edges.read(index - 1, LAST) : floodRow(0);
    const below = index + 1 < nBands && edges ? edges.read(index + 1, FIRST) : floodRow(0);
    const first = floodRow(edges ? width : 0);
    const last = floodRow(edges ? width : 0);
    const levels = relief.read(from, to);
    compactWatershed(
      width,
      to - from,
      from,
      levels,
      inside,
      connectivity,
      compactness,
      hasLine,
      above,
      below,
      labels,
      first,
      last,
    );
    out.write(from, labels);
    return edges?.replace(index, first, last, matters) ?? [];
  });
  edges?.close();
}

const FIRST = 0;
const LAST = 1;
type Side = typeof FIRST | typeof LAST;

interface Edges {
  read(band: number, side: Side): FloodRow;
  /** Puts new floods on the edges of a band and takes away what hung on others; returns the bands that this matters to. */
  replace(band: number, first: FloodRow, last: FloodRow, matters: Matters): Iterable<number>;
  close(): void;
}

/** Whether floods that have changed in the row beside one side of a band can matter to it. */
type Matters = (band: number, side: Side, changed: Uint8Array, beside: FloodRow, own: FloodRow) => boolean;

/** The floods of the first and the last row of every band. */
function openEdges(space: BandSpace): Edges {
  const { width, nBands } = space;
  const store = space.store("uint32", { width: WORDS * width, height: 2 * nBands });
  const read = (band: number, side: Side): FloodRow =>
    floodRow(width, store.read(2 * band + side, 2 * band + side + 1).slice());
  const write = (band: number, side: Side, row: StoredRow): void => store.write(2 * band + side, row.words);
  return {
    read,
    replace(band, first, last, matters) {
      const due = new Set<number>();
      const changes: Change[] = [];
      for (const [side, row] of [first, last].entries() as Iterable<[Side, StoredRow]>) {
        const isChanged = changedPixels(read(band, side), row);
        write(band, side, row);
        if (isChanged !== undefined) changes.push({ band, side, isChanged });
      }
      for (let change = changes.pop(); change !== undefined; change = changes.pop()) {
        // What came into the band beside it through the pixels that changed.
        const beside = change.band + (change.side === FIRST ? -1 : 1);
        if (beside < 0 || beside >= nBands) continue;
        const facing = change.side === FIRST ? LAST : FIRST;
        for (const side of [FIRST, LAST] as const) {
          const row = read(beside, side) as StoredRow;
          const isRemoved = removeEntries(row, change.side === FIRST ? -1 : 1, change.isChanged);
          if (isRemoved === undefined) continue;
          write(beside, side, row);
          changes.push({ band: beside, side, isChanged: isRemoved });
          due.add(beside);
        }
        if (due.has(beside)) continue;
        const changed = read(change.band, change.side);
        if (matters(beside, facing, change.isChanged, changed, read(beside, facing))) due.add(beside);
      }
      return due;
    },
    close: () => store.close(),
  };
}

interface Change {
  readonly band: number;
  readonly side: Side;
  readonly isChanged: Uint8Array;
}

interface StoredRow extends FloodRow {
  readonly words: Uint32Array;
}

/** Words of 32 bits that a pixel's flood takes. */
const WORDS = 8;

function floodRow(width: number, words: Uint32Array = new Uint32Array(WORDS * width)): StoredRow {
  const { buffer } = words;
  return {
    words,
    priority: new Float64Array(buffer, 0, width),
    source: new Float64Array(buffer, 8 * width, width),
    step: new Uint32Array(buffer, 16 * width, width),
    dip: new Uint32Array(buffer, 20 * width, width),
    label: new Uint32Array(buffer, 24 * width, width),
    entry: new Int32Array(buffer, 28 * width, width),
  };
}

/** Where two rows hold different floods, whatever way these came; undefined if nowhere. */
function changedPixels(a: FloodRow, b: FloodRow): Uint8Array | undefined {
  const isChanged = new Uint8Array(a.label.length);
  let hasChanged = false;
  for (let x = 0; x < isChanged.length; x++) {
    if (
      a.label[x] === b.label[x] &&
      a.priority[x] === b.priority[x] &&
      a.step[x] === b.step[x] &&
      a.dip[x] === b.dip[x] &&
      a.source[x] === b.source[x]
    ) {
      continue;
    }
    isChanged[x] = 1;
    hasChanged = true;
  }
  return hasChanged ? isChanged : undefined;
}

/** Removes the floods that came through marked pixels of the row above (side 1) or below (−1); where, undefined if nowhere. */
function removeEntries(row: FloodRow, side: 1 | -1, isMarked: Uint8Array): Uint8Array | undefined {
  let isRemoved: Uint8Array | undefined;
  for (let x = 0; x < row.label.length; x++) {
    const entry = side * row.entry[x]!; // x < length
    if (row.label[x] === 0 || entry <= 0 || isMarked[entry - 1] === 0) continue;
    row.label[x] = 0;
    isRemoved ??= new Uint8Array(row.label.length);
    isRemoved[x] = 1;
  }
  return isRemoved;
}
