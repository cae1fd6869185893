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

  /** Whether a border is no more, its regions joined or the border made part of another. */
  isGone(border: number): boolean {
    return this.version[border] === GONE;
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
