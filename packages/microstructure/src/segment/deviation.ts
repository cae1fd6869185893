import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";

/** Standard deviation of an image that need not be in memory; sums run in raster order. */
export function deviationOfRows(space: BandSpace, values: RowReader<Float32Array>): number {
  let sum = 0;
  let squares = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = values.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]!; // i < length
      sum += value;
      squares += value * value;
    }
  }
  const n = space.width * space.height;
  const mean = sum / n;
  return Math.sqrt(Math.max(0, squares / n - mean * mean));
}

/** Standard deviation of at least one value. */
export function deviation(values: Float32Array): number {
  return deviationOfRows(bandSpace(values.length, 1), memoryStore("float32", values.length, 1, values));
}
