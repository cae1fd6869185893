import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";

/** Pixels of each region, and its values added up, channel by channel. */
export function regionSums(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  nLabels: number,
  values: readonly RowReader<Float32Array>[],
): { readonly area: Float64Array; readonly sums: readonly Float64Array[] } {
  const area = new Float64Array(nLabels + 1);
  const sums = values.map(() => new Float64Array(nLabels + 1));
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    for (let i = 0; i < rows.length; i++) area[rows[i]!]! += 1; // labels ≤ nLabels
    for (const [c, sum] of sums.entries()) {
      const plane = values[c]!.read(from, to); // as many as sums
      for (let i = 0; i < rows.length; i++) sum[rows[i]!]! += plane[i]!; // same length
    }
  }
  return { area, sums };
}
