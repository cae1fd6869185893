import type { BandSpace } from "./bandSpace.ts";
import type { RowReader } from "./rowStore.ts";

/** Values of an image in pixels. */
export function valuesAt(
  space: BandSpace,
  image: RowReader<Float32Array>,
  x: Float64Array,
  y: Float64Array,
): Float64Array {
  const { width } = space;
  const values = new Float64Array(x.length);
  for (const { from, to } of space.bands(0)) {
    const rows = image.read(from, to);
    for (let k = 0; k < values.length; k++) {
      const row = y[k]!; // as long, as is x
      if (row >= from && row < to) values[k] = rows[(row - from) * width + x[k]!]!; // a pixel of the rows
    }
  }
  return values;
}
