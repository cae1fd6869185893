import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";

/** Share of the variance of grey that the means of rows and of columns explain. */
export function profileShareBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
): { readonly horizontal: number; readonly vertical: number } {
  const { width, height } = space;
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  let sum = 0;
  let squares = 0;
  for (const { from, to } of space.bands(0)) {
    const data = grey.read(from, to);
    for (let y = from, i = 0; y < to; y++) {
      for (let x = 0; x < width; x++, i++) {
        const value = data[i]!; // inside the band
        rows[y]! += value / width;
        columns[x]! += value / height;
        sum += value;
        squares += value * value;
      }
    }
  }
  const mean = sum / (width * height);
  const total = squares / (width * height) - mean * mean;
  const share = (means: Float64Array): number =>
    total > 1e-12 ? means.reduce((s, m) => s + (m - mean) ** 2, 0) / means.length / total : 0;
  return { horizontal: share(rows), vertical: share(columns) };
}
