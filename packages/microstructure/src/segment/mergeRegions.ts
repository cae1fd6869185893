import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { addBorders, type BorderTable, createBorderTable, dilateMax } from "../kernels/index.ts";
import { BorderHeap } from "./borderHeap.ts";

export interface MergeRegionsOptions {
  /** Strength of the lines per pixel. */
  readonly crest: RowReader<Float32Array>;
  /** Strength from which a line is certain. */
  readonly seen: number;
  /** Radius of the largest circle inside each region, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
  /** Share of a border that must be seen. @defaultValue 0.7 */
  readonly minCoverage?: number | undefined;
  /** A gap is closed when it is shorter than this share of the smaller inscribed diameter. @defaultValue 0.15 */
  readonly maxGap?: number | undefined;
  /** Regions with a smaller inscribed radius are joined to the neighbour behind their weakest border. @defaultValue 0 */
  readonly minRadiusPx?: number | undefined;
}

/**
 * Joins regions whose common border is not seen in the image, weakest border first, and renumbers in place to 1 … n, in
 * raster order.
 *
 * The evidence of a crack is the strength of the strongest crest within a pixel, over `seen`, at most 1. A border is kept
 * when the mean evidence along it is at least `minCoverage`, or when its unseen length is below `maxGap` times the inscribed
 * diameter of the smaller of the two regions (a short gap between two wide grains). The ends of a border, within three pixels of a
 * third region, do not count. Borders of a joined region are the sums of its parts'.
 *
 * @param labels - partition, labels 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeRegions(
  space: BandSpace,
  labels: RowStore<Uint32Array>,
  nLabels: number,
  options: MergeRegionsOptions,
): number {
  const minCoverage = options.minCoverage ?? 0.7;
  const maxGap = options.maxGap ?? 0.15;
  const minRadius = options.minRadiusPx ?? 0;
  const radius = Float64Array.from(options.inscribedRadius);
  const table = collectBorders(space, labels, options.crest, options.seen);
  const graph = new RegionGraph(table, nLabels);
  const heap = new BorderHeap();
  const offer = (e: number): void => {
    // Free part where there is one; a border that is all ends is judged whole.
    const n = table.freeCracks[e]! > 0 ? table.freeCracks[e]! : table.cracks[e]!; // e < count, regions ≤ nLabels, as below
    const seen = (table.freeCracks[e]! > 0 ? table.freeStrength[e]! : table.strength[e]!) / n;
    const smaller = Math.min(radius[table.a[e]!]!, radius[table.b[e]!]!);
    if (smaller < minRadius) heap.push(2 - seen, e, graph.version[e]!);
    else if (seen < minCoverage && (1 - seen) * n * CRACK_TO_LENGTH >= maxGap * 2 * smaller) {
      heap.push(1 - seen, e, graph.version[e]!);
    }
  };
  for (let e = 0; e < table.count; e++) offer(e);
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    if (graph.version[top.border] !== top.version) continue;
    const a = table.a[top.border]!;
    const b = table.b[top.border]!;
    const into = graph.degree[a]! >= graph.degree[b]! ? a : b;
    const from = into === a ? b : a;
    radius[into] = Math.max(radius[into]!, radius[from]!);
    graph.join(into, from, offer);
  }
  return renumber(space, labels, graph.parent);
}

/** Mean length per crack of a digital line, averaged over directions: π / 4. */
const CRACK_TO_LENGTH = Math.PI / 4;
/** Pixels at the ends of a border, near a third region, that do not count. */
const END_PX = 3;

function collectBorders(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  crest: RowReader<Float32Array>,
  seen: number,
): BorderTable {
  const { width, height } = space;
  const table = createBorderTable();
  for (const { from, to, top, bottom } of space.bands(END_PX)) {
    const evidence = new Float32Array((bottom - top) * width);
    const relative = crest.read(top, bottom).slice();
    for (let i = 0; i < relative.length; i++) relative[i] = Math.min(1, relative[i]! / seen); // i < length
    dilateMax(width, bottom - top, relative, evidence);
    addBorders(width, height, top, from, to, labels.read(top, bottom), evidence, END_PX, table);
  }
  return table;
}

/** Version of a border that two joined regions had between them or twice. */
const GONE = 0xffffffff;

/** Regions and the borders between them, lists in arrays: a mosaic has millions. */
class RegionGraph {
  readonly parent: Uint32Array;
  /** Neighbours of a region. */
  readonly degree: Uint32Array;
  /** Of a border: rises when it changes. */
  readonly version: Uint32Array;
  readonly #table: BorderTable;
  /** Lists of the borders of a region; entry 2 · border + (1 for its end b, 0 for a). −1 ends a list. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  /** Scratch: border of the region at hand with each other region, −1 where none. */
  readonly #borderWith: Int32Array;

  constructor(table: BorderTable, nRegions: number) {
    this.#table = table;
    this.parent = Uint32Array.from({ length: nRegions + 1 }, (_, k) => k);
    this.degree = new Uint32Array(nRegions + 1);
    this.version = new Uint32Array(table.count);
    this.#first = new Int32Array(nRegions + 1).fill(-1);
    this.#next = new Int32Array(2 * table.count);
    this.#borderWith = new Int32Array(nRegions + 1).fill(-1);
    for (let entry = 2 * table.count - 1; entry >= 0; entry--) {
      const region = (entry & 1) === 0 ? table.a[entry >> 1]! : table.b[entry >> 1]!; // below count
      this.#next[entry] = this.#first[region]!;
      this.#first[region] = entry;
      this.degree[region]! += 1;
    }
  }

  /** Joins region `from` to `into`; `offer` is told every border of the joined region. */
  join(into: number, from: number, offer: (border: number) => void): void {
    const { version } = this;
    const table = this.#table;
    const next = this.#next;
    const borderWith = this.#borderWith;
    this.parent[from] = into;
    let last = -1;
    // The borders of `into`: those that are gone leave its list.
    for (let entry = this.#first[into]!; entry >= 0; entry = next[entry]!) {
      const e = entry >> 1;
      if (version[e] === GONE) continue;
      const other = (entry & 1) === 0 ? table.b[e]! : table.a[e]!; // e < count
      if (other === from) {
        version[e] = GONE;
        this.degree[into]! -= 1;
        continue;
      }
      borderWith[other] = e;
      if (last < 0) this.#first[into] = entry;
      else next[last] = entry;
      last = entry;
    }
    for (let entry = this.#first[from]!; entry >= 0; entry = next[entry]!) {
      const e = entry >> 1;
      if (version[e] === GONE) continue;
      const isA = (entry & 1) === 0;
      const other = isA ? table.b[e]! : table.a[e]!;
      const mine = borderWith[other]!;
      if (mine >= 0) {
        table.cracks[mine]! += table.cracks[e]!;
        table.strength[mine]! += table.strength[e]!;
        table.freeCracks[mine]! += table.freeCracks[e]!;
        table.freeStrength[mine]! += table.freeStrength[e]!;
        version[mine]! += 1;
        version[e] = GONE;
        this.degree[other]! -= 1;
        continue;
      }
      if (isA) table.a[e] = into;
      else table.b[e] = into;
      version[e]! += 1;
      this.degree[into]! += 1;
      if (last < 0) this.#first[into] = entry;
      else next[last] = entry;
      last = entry;
    }
    if (last < 0) this.#first[into] = -1;
    else next[last] = -1;
    this.#first[from] = -1;
    for (let entry = this.#first[into]!; entry >= 0; entry = next[entry]!) {
      const e = entry >> 1;
      borderWith[(entry & 1) === 0 ? table.b[e]! : table.a[e]!] = -1;
      offer(e);
    }
  }
}

function renumber(space: BandSpace, labels: RowStore<Uint32Array>, parent: Uint32Array): number {
  const number = new Uint32Array(parent.length);
  let n = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      let root = rows[i]!; // labels are below parent.length
      while (parent[root] !== root) root = parent[root]!;
      if (number[root] === 0) number[root] = ++n;
      rows[i] = number[root]!;
    }
    labels.write(from, rows);
  }
  return n;
}
