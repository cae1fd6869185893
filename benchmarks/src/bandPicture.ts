import { createRandom, type Random } from "@materiome/core";
import type { BandSpace, RowStore, StoreTypes } from "@materiome/microstructure/mosaic";

/** Rows drawn at a time. */
const ROWS = 64;

/** Fills a store row by row, so that drawing takes less memory than what is measured. */
export function draw<K extends keyof StoreTypes>(
  space: BandSpace,
  type: K,
  row: (y: number, out: StoreTypes[K]) => void,
): RowStore<StoreTypes[K]> {
  const { width, height } = space;
  const store = space.store(type);
  for (let from = 0; from < height; from += ROWS) {
    const to = Math.min(height, from + ROWS);
    const rows = store.read(from, to).slice() as StoreTypes[K];
    for (let y = from; y < to; y++) row(y, rows.subarray((y - from) * width, (y + 1 - from) * width) as StoreTypes[K]);
    store.write(from, rows);
  }
  return store;
}

/** A pixel's nearest and second nearest site. */
export interface Site {
  readonly cell: number;
  readonly other: number;
  /** Difference of their distances, px: 0 on the boundary between the cells. */
  readonly gapPx: number;
}

/** Voronoi cells of one random site in each square of `edgePx`, found pixel by pixel: what an image of any size is drawn from. */
export class CellPicture {
  readonly #nColumns: number;
  readonly #edgePx: number;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  /** Grey of a cell, 0 … 1. */
  readonly grey: Float64Array;
  /** Two more numbers of a cell, 0 … 1. */
  readonly lot: Float64Array;
  readonly turn: Float64Array;
  readonly #noise: Random;

  constructor(size: number, edgePx: number) {
    const random = createRandom(1).fork("cells");
    const n = Math.ceil(size / edgePx);
    const draws = (): Float64Array => Float64Array.from({ length: n * n }, () => random.next());
    this.#nColumns = n;
    this.#edgePx = edgePx;
    this.#x = draws().map((value, k) => ((k % n) + 0.15 + 0.7 * value) * edgePx);
    this.#y = draws().map((value, k) => (Math.floor(k / n) + 0.15 + 0.7 * value) * edgePx);
    this.grey = draws();
    this.lot = draws();
    this.turn = draws();
    this.#noise = random.fork("noise");
  }

  /** Normal deviates, the same for a row whenever it is drawn. */
  noiseOfRow(y: number): Random {
    return this.#noise.fork(y);
  }

  /** Place of a pixel as seen from the site of a cell, px. */
  fromSite(cell: number, x: number, y: number): readonly [dx: number, dy: number] {
    return [x - this.#x[cell]!, y - this.#y[cell]!]; // a cell
  }

  /** Whether a pixel lies in the hole, a disc of up to `radiusPx`, halfway between a cell and the next, which every third cell has. */
  isInHole(cell: number, x: number, y: number, radiusPx: number): boolean {
    const next = cell + 1;
    if (!(this.lot[cell]! < 1 / 3) || next % this.#nColumns === 0) return false; // a cell, as below
    const u = (this.#x[cell]! + this.#x[next]!) / 2;
    const v = (this.#y[cell]! + this.#y[next]!) / 2;
    return Math.hypot(x - u, y - v) < radiusPx * this.turn[cell]!;
  }

  /** Calls `put` with the sites of every pixel of a row. */
  row(y: number, length: number, put: (x: number, site: Site) => void): void {
    const edge = this.#edgePx;
    const n = this.#nColumns;
    const top = Math.max(0, Math.floor(y / edge) - 1);
    const bottom = Math.min(n - 1, Math.floor(y / edge) + 1);
    const site = { cell: 0, other: 0, gapPx: 0 };
    for (let x = 0; x < length; x++) {
      const column = Math.floor(x / edge);
      let [cell, other, least, second] = [0, 0, Infinity, Infinity];
      for (let r = top; r <= bottom; r++) {
        for (let k = r * n + Math.max(0, column - 1), end = r * n + Math.min(n - 1, column + 1); k <= end; k++) {
          const square = (x - this.#x[k]!) ** 2 + (y - this.#y[k]!) ** 2; // cells inside the grid
          if (square < least) [cell, other, least, second] = [k, cell, square, least];
          else if (square < second) [other, second] = [k, square];
        }
      }
      site.cell = cell;
      site.other = other;
      site.gapPx = Math.sqrt(second) - Math.sqrt(least);
      put(x, site);
    }
  }
}

/**
 * A row of cracks: one that winds through each square of `edgePx`, along the rows or, in every second square, across them, with a
 * branch that leaves it at right angles, two to eight pixels wide.
 */
export function crackRow(y: number, edgePx: number, out: Uint8Array): void {
  for (let x = 0; x < out.length; x++) {
    const isAcross = (Math.floor(x / edgePx) + Math.floor(y / edgePx)) % 2 === 1;
    const [u, v] = isAcross ? [y % edgePx, x % edgePx] : [x % edgePx, y % edgePx];
    const middle = edgePx * (0.4 + 0.06 * Math.sin((9 * u) / edgePx) + 0.01 * Math.sin((70 * u) / edgePx));
    const isStem = u > 0.05 * edgePx && u < 0.95 * edgePx && Math.abs(v - middle) < 2.5 + 1.5 * Math.sin(u / 23);
    const isBranch = v >= middle && v < 0.8 * edgePx && Math.abs(u - edgePx / 2 - 6 * Math.sin(v / 17)) < 2;
    out[x] = isStem || isBranch ? 1 : 0;
  }
}
