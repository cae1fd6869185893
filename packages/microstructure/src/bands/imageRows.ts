import { createRaster, type Raster } from "@materiome/core";
import type { RowReader } from "./rowStore.ts";

/** One channel, or red, green and blue, of an image that need not be in memory. */
export type ChannelRows =
  | RowReader<Float32Array>
  | readonly [RowReader<Float32Array>, RowReader<Float32Array>, RowReader<Float32Array>];

/** Rows of an image, its channels interleaved. */
export function readChannels(image: ChannelRows, from: number, to: number): Raster<Float32Array> {
  if (!isColour(image)) return createRaster(image.read(from, to).slice(), image.width, to - from);
  const { width } = image[0];
  const data = new Float32Array(3 * width * (to - from));
  for (const [c, plane] of image.entries()) {
    const values = plane.read(from, to);
    for (let i = 0, k = c; i < values.length; i++, k += 3) data[k] = values[i]!; // three channels of one size
  }
  return createRaster(data, width, to - from, { channels: 3 });
}

export function isColour(image: ChannelRows): image is Exclude<ChannelRows, RowReader<Float32Array>> {
  return Array.isArray(image);
}
