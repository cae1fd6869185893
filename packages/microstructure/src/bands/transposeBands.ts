import { transpose } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * The image with rows and columns exchanged, in a store of `space.transposed()`. Every band is transposed by itself into a
 * scratch store; each band of the result takes its part of every one of them, so that the image is read and written twice
 * whatever the bands.
 */
export function transposeBands(space: BandSpace, image: RowReader<Float32Array>): RowStore<Float32Array> {
  const { width, height, nBands } = space;
  const bandRows = space.band(0, 0).to;
  const pieces = space.store("float32", { width: bandRows, height: nBands * width });
  const piece = new Float32Array(nBands === 1 ? 0 : width * bandRows);
  for (const { index, from, to } of space.bands(0)) {
    const rows = nBands === 1 ? pieces.read(0, width) : piece;
    transpose(width, to - from, image.read(from, to), bandRows, rows);
    pieces.write(index * width, rows);
  }
  if (nBands === 1) return pieces;
  const turned = space.transposed();
  const out = turned.store("float32");
  let rows = new Float32Array(0);
  for (const { from, to } of turned.bands(0)) {
    if (rows.length !== (to - from) * height) rows = new Float32Array((to - from) * height);
    for (const band of space.bands(0)) {
      const part = pieces.read(band.index * width + from, band.index * width + to);
      const length = band.to - band.from;
      for (let x = 0; x < to - from; x++) {
        rows.set(part.subarray(x * bandRows, x * bandRows + length), x * height + band.from);
      }
    }
    out.write(from, rows);
  }
  pieces.close();
  return out;
}
