import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";

/** Pixels of every label, 0 … the largest. */
export function labelAreas(space: BandSpace, labels: RowReader<Uint32Array>): Float64Array {
  let largest = 0;
  for (const rows of eachBand(space, labels)) {
    for (let i = 0; i < rows.length; i++) if (rows[i]! > largest) largest = rows[i]!; // i < length
  }
  const area = new Float64Array(largest + 1);
  for (const rows of eachBand(space, labels)) {
    for (let i = 0; i < rows.length; i++) area[rows[i]!]! += 1; // labels ≤ largest
  }
  return area;
}
