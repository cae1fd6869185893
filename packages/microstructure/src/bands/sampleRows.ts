import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

/** Every n-th pixel in raster order, the first among them, whatever the bands: all, or at least `least` where there are more. */
export function sampleRows(space: BandSpace, values: RowReader<Float32Array>, least: number): Float32Array {
  const { width, height } = space;
  const stride = Math.max(1, Math.floor((width * height) / least));
  const sample = new Float32Array(Math.ceil((width * height) / stride));
  let n = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = values.read(from, to);
    for (let i = n * stride - from * width; i < rows.length; i += stride) sample[n++] = rows[i]!; // i < length
  }
  return sample;
}
