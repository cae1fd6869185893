import type { BorderTable } from "../kernels/index.ts";

/** Version of a border that two joined regions had between them or twice. */
const GONE = 0xffffffff;

/** Regions and the borders between them, lists in arrays: a mosaic has millions. */
export class RegionGraph {
  readonly parent: Uint32Array;
  /** Neighbours of a region. */
  readonly degree: Uint32Array;
  /** Of a border: rises when it changes. */
  readonly version: Uint32Array;
  readonly #table: BorderTable;
  /** Lists of the borders of a region; entry 2 · border + (1 for its end b, 0 for a). −1 ends a list. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Scratch: border of the region at hand with each other region, −1 where none. */
  readonly #borderWith: Int32Array;

  constructor(table: BorderTable, nRegions: number) {
    this.#table = table;
    this.parent = Uint32Array.from({ length: nRegions + 1 }, (_, k) => k);
    this.degree = new Uint32Array(nRegions + 1);
    this.version = new Uint32Array(table.count);
    this.#first = new Int32Array(nRegions + 1).fill(-1);
    this.#last = new Int32Array(nRegions + 1).fill(-1);
    this.#next = new Int32Array(2 * table.count);
    this.#previous = new Int32Array(2 * table.count);
    this.#borderWith = new Int32Array(nRegions + 1).fill(-1);
    for (let entry = 0; entry < 2 * table.count; entry++) {
      const region = (entry & 1) === 0 ? table.a[entry >> 1]! : table.b[entry >> 1]!; // below count
      this.#append(region, entry);
      this.degree[region]! += 1;
    }
  }

  /** Whether a border is no more, its regions joined or the border made part of another. */
  isGone(border: number): boolean {
    return this.version[border] === GONE;
  }

  /** The region at an end of a border: end a of an even entry, b of an odd one. */
  regionAt(entry: number): number {
    const table = this.#table;
    return (entry & 1) === 0 ? table.a[entry >> 1]! : table.b[entry >> 1]!; // entries are of borders below count
  }

  /** Entries of the borders of a region, in the order in which it met its neighbours. */
  *entriesOf(region: number): Generator<number, void> {
    for (let entry = this.#first[region]!; entry >= 0; entry = this.#next[entry]!) {
      if (!this.isGone(entry >> 1)) yield entry;
    }
  }

  /** Joins region `from` to `into`; `offer` is told every border of the joined region, and the entry of its end there. */
  join(into: number, from: number, offer: (border: number, entry: number) => void): void {
    const { version } = this;
    const table = this.#table;
    const next = this.#next;
    const borderWith = this.#borderWith;
    this.parent[from] = into;
    for (let entry = this.#first[into]!; entry >= 0; entry = next[entry]!) {
      const e = entry >> 1;
      const other = this.regionAt(entry ^ 1);
      if (version[e] !== GONE && other !== from) {
        borderWith[other] = e;
        continue;
      }
      this.#remove(into, entry);
      if (version[e] === GONE) continue;
      version[e] = GONE;
      this.degree[into]! -= 1;
    }
    for (let entry = this.#first[from]!; entry >= 0; ) {
      const e = entry >> 1;
      const following = next[entry]!;
      const other = this.regionAt(entry ^ 1);
      const mine = borderWith[other]!;
      if (version[e] !== GONE && mine >= 0) {
        table.cracks[mine]! += table.cracks[e]!;
        table.strength[mine]! += table.strength[e]!;
        table.freeCracks[mine]! += table.freeCracks[e]!;
        table.freeStrength[mine]! += table.freeStrength[e]!;
        version[mine]! += 1;
        version[e] = GONE;
        this.degree[other]! -= 1;
      } else if (version[e] !== GONE) {
        if ((entry & 1) === 0) table.a[e] = into;
        else table.b[e] = into;
        version[e]! += 1;
        this.degree[into]! += 1;
        this.#append(into, entry);
        // To the neighbour it is a region that it has met last.
        this.#remove(other, entry ^ 1);
        this.#append(other, entry ^ 1);
      }
      entry = following;
    }
    this.#first[from] = -1;
    for (let entry = this.#first[into]!; entry >= 0; entry = next[entry]!) {
      borderWith[this.regionAt(entry ^ 1)] = -1;
      offer(entry >> 1, entry);
    }
  }

  #append(region: number, entry: number): void {
    const last = this.#last[region]!; // a region, as below
    this.#previous[entry] = last;
    this.#next[entry] = -1;
    if (last < 0) this.#first[region] = entry;
    else this.#next[last] = entry;
    this.#last[region] = entry;
  }

  /** The entry keeps its `next`, so that a walk along the list can go on from it. */
  #remove(region: number, entry: number): void {
    const previous = this.#previous[entry]!; // an entry, as below
    const next = this.#next[entry]!;
    if (previous < 0) this.#first[region] = next;
    else this.#next[previous] = next;
    if (next < 0) this.#last[region] = previous;
    else this.#previous[next] = previous;
  }
}
