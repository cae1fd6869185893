import { hillRanks } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import { labelBands } from "./labelBands.ts";
import { mapRows } from "./mapRows.ts";
import { reconstructBands } from "./reconstructBands.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * The kernel `hMaxima` band by band: one seed, 1 … n in raster order, on the highest pixel of every maximum whose dynamics is
 * at least max(hAbsolute, hRelative · height). Bands are reconstructed in turn until nothing changes.
 *
 * @returns number of seeds
 */
export function maximaBands(
  space: BandSpace,
  values: RowReader<Float32Array>,
  dynamics: { readonly hAbsolute: number; readonly hRelative: number },
  seeds: RowStore<Uint32Array>,
): number {
  const { width } = space;
  const { hAbsolute, hRelative } = dynamics;
  const marker = space.store("uint32");
  reconstructBands(
    space,
    (top, bottom) => {
      const size = (bottom - top) * width;
      const mask = new Uint32Array(size);
      const start = new Uint32Array(size);
      hillRanks(size, values.read(top, bottom), hAbsolute, hRelative, mask, start);
      return { mask, marker: start };
    },
    marker,
  );
  const odd = mapRows(marker, (ranks) => {
    const rows = new Uint8Array(ranks.length);
    for (let i = 0; i < rows.length; i++) rows[i] = ranks[i]! & 1; // same length
    return rows;
  });
  const { n, regionOf } = labelBands(space, odd, 8, seeds);
  marker.close();
  const height = new Float32Array(n + 1).fill(-1);
  const place = new Float64Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    const numbers = seeds.read(from, to);
    const rows = values.read(from, to);
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] === 0) continue;
      const k = regionOf[numbers[i]!]!; // a number below its length
      if (rows[i]! <= height[k]!) continue; // same length; k ≤ n
      height[k] = rows[i]!;
      place[k] = from * width + i;
    }
  }
  const peaks = place.subarray(1).sort();
  let k = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = seeds.read(from, to);
    rows.fill(0);
    for (; k < n && peaks[k]! < to * width; k++) rows[peaks[k]! - from * width] = k + 1; // k < n = length
    seeds.write(from, rows);
  }
  return n;
}
