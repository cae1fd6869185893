import { connectedComponents } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

export interface BandLabels {
  /** Number of regions. */
  readonly n: number;
  /** Region, 1 … n in raster order of first pixel, of every number in the store; 0 of 0. */
  readonly regionOf: Uint32Array;
}

/**
 * Connected regions of equal non-zero value, found band by band and joined at the seams by union-find. `out` gets
 * numbers which `regionOf` turns into regions: 1 … n, numbered as `connectedComponents` numbers them in the whole image.
 */
export function labelBands(
  space: BandSpace,
  input: RowReader<Uint8Array | Uint32Array>,
  connectivity: 4 | 8,
  out: RowStore<Uint32Array>,
): BandLabels {
  const { width } = space;
  const parents = new ParentTable();
  let lastValues: Uint8Array | Uint32Array | undefined;
  let lastNumbers: Uint32Array | undefined;
  const reach = connectivity === 8 ? 1 : 0;
  for (const { from, to } of space.bands(0)) {
    const values = input.read(from, to);
    const numbers = new Uint32Array(values.length);
    const before = parents.length - 1;
    const found = connectedComponents(width, to - from, values, connectivity, numbers);
    parents.add(found);
    if (before > 0) for (let i = 0; i < numbers.length; i++) if (numbers[i] !== 0) numbers[i]! += before; // i < length
    if (lastValues !== undefined && lastNumbers !== undefined) {
      for (let x = 0; x < width; x++) {
        const value = values[x];
        if (value === 0) continue;
        for (let k = Math.max(0, x - reach); k <= Math.min(width - 1, x + reach); k++) {
          if (lastValues[k] === value) parents.join(lastNumbers[k]!, numbers[x]!); // both rows are `width` long
        }
      }
    }
    const lastRow = (to - from - 1) * width;
    lastValues = values.slice(lastRow, lastRow + width);
    lastNumbers = numbers.slice(lastRow, lastRow + width);
    out.write(from, numbers);
  }
  return parents.number();
}

/** Turns the numbers of `labelBands` in a store into regions. */
export function renumberBands(space: BandSpace, store: RowStore<Uint32Array>, regionOf: Uint32Array): void {
  for (const { from, to } of space.bands(0)) {
    const rows = store.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = regionOf[rows[i]!]!; // numbers are below its length
    store.write(from, rows);
  }
}

/** Union-find over numbers that come in raster order; the least number of a set is its root. */
class ParentTable {
  #parent: Uint32Array = new Uint32Array(1024);
  length = 1;

  add(count: number): void {
    if (this.length + count > this.#parent.length) {
      const larger = new Uint32Array(Math.max(2 * this.#parent.length, this.length + count));
      larger.set(this.#parent);
      this.#parent = larger;
    }
    for (let k = 0; k < count; k++) {
      this.#parent[this.length] = this.length;
      this.length++;
    }
  }

  #root(start: number): number {
    const parent = this.#parent;
    let root = start;
    while (parent[root] !== root) root = parent[root]!; // numbers below length, as below
    for (let k = start; k !== root; ) {
      const up = parent[k]!;
      parent[k] = root;
      k = up;
    }
    return root;
  }

  join(a: number, b: number): void {
    const rootA = this.#root(a);
    const rootB = this.#root(b);
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
  }

  number(): BandLabels {
    const regionOf = new Uint32Array(this.length);
    let n = 0;
    for (let k = 1; k < this.length; k++) {
      const root = this.#root(k);
      regionOf[k] = root === k ? ++n : regionOf[root]!; // root ≤ k
    }
    return { n, regionOf };
  }
}
