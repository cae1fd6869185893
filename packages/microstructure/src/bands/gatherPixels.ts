import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

export interface MarkedPixels {
  /** Pixels that are not 0 here are gathered; they lie in a region. */
  readonly marks: RowReader<Uint8Array>;
  readonly numbers: RowReader<Uint32Array>;
  /** Region, 1 … n, of every number. */
  readonly regionOf: Uint32Array;
  readonly n: number;
  readonly values: RowReader<Float32Array>;
}

export interface GatheredPixels {
  /** Where the pixels of region k begin, k = 1 … n; they end where those of region k + 1 begin. */
  readonly start: Uint32Array;
  readonly x: Uint32Array;
  readonly y: Uint32Array;
  readonly values: Float32Array;
}

/** Marked pixels and the values there, region after region, each in raster order. */
export function gatherPixels(space: BandSpace, { marks, numbers, regionOf, n, values }: MarkedPixels): GatheredPixels {
  const { width } = space;
  const start = new Uint32Array(n + 2);
  for (const { from, to } of space.bands(0)) {
    const rows = marks.read(from, to);
    const parts = numbers.read(from, to);
    for (let i = 0; i < rows.length; i++) if (rows[i] !== 0) start[regionOf[parts[i]!]! + 1]! += 1; // same length; a region ≤ n
  }
  for (let region = 1; region < start.length; region++) start[region]! += start[region - 1]!; // below length
  const total = start[n + 1]!; // its last
  const next = start.slice();
  const found = {
    start,
    x: new Uint32Array(total),
    y: new Uint32Array(total),
    values: new Float32Array(total),
  };
  for (const { from, to } of space.bands(0)) {
    const rows = marks.read(from, to);
    const parts = numbers.read(from, to);
    const here = values.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] === 0) continue;
      const region = regionOf[parts[i]!]!; // as above
      const place = next[region]!;
      next[region] = place + 1;
      found.x[place] = i % width;
      found.y[place] = from + Math.floor(i / width);
      found.values[place] = here[i]!; // same length
    }
  }
  return found;
}
