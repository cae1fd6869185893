import type { Raster } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { channelsToLab } from "../kernels/index.ts";

/** Red, green and blue of an image that need not be in memory, sRGB 0 … 1. */
export type ColourRows = readonly [
  red: RowReader<Float32Array>,
  green: RowReader<Float32Array>,
  blue: RowReader<Float32Array>,
];

/**
 * CIELAB of an sRGB image, channels one after the other: L* 0 … 100, then a*, b*. Equal Euclidean distances look about
 * equally different; 2.3 is just noticeable.
 *
 * @param colour - three channels 0 … 1, interleaved
 */
export function perceptualChannels(colour: Raster<Float32Array>): Float32Array {
  const { data } = colour;
  const size = colour.width * colour.height;
  const planes = new Float32Array(3 * size);
  const [a, b] = [planes.subarray(size), planes.subarray(2 * size)];
  channelsToLab(size, 3, data, data.subarray(1), data.subarray(2), 1, planes, a, b);
  return planes;
}

/** `perceptualChannels` of an image that need not be in memory, a* and b* times `chromaWeight`. */
export function perceptualBands(
  space: BandSpace,
  [red, green, blue]: ColourRows,
  chromaWeight: number,
): [RowStore<Float32Array>, RowStore<Float32Array>, RowStore<Float32Array>] {
  const [luma, a, b] = [space.store("float32"), space.store("float32"), space.store("float32")];
  for (const { from, to } of space.bands(0)) {
    const [lumaRows, aRows, bRows] = [luma.read(from, to), a.read(from, to), b.read(from, to)];
    const [r, g, bl] = [red.read(from, to), green.read(from, to), blue.read(from, to)];
    channelsToLab(lumaRows.length, 1, r, g, bl, 1, lumaRows, aRows, bRows);
    for (let i = 0; i < aRows.length; i++) {
      aRows[i]! *= chromaWeight; // of one length
      bRows[i]! *= chromaWeight;
    }
    luma.write(from, lumaRows);
    a.write(from, aRows);
    b.write(from, bRows);
  }
  return [luma, a, b];
}
