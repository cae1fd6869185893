import type { RowReader } from "../bands/rowStore.ts";

/** The image with the sign of every value changed: bright lines become dark ones. */
export function negative(image: RowReader<Float32Array>): RowReader<Float32Array> {
  return {
    width: image.width,
    height: image.height,
    read: (from, to) => image.read(from, to).map((value) => -value),
  };
}
