import { createRaster, type Raster } from "@materiome/core";
import type { BandSpace } from "./bandSpace.ts";
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

/** All rows of an image in one array, its channels interleaved; read band by band, so that no channel is held beside it. */
export function readWhole(space: BandSpace, image: ChannelRows): Raster<Float32Array> {
  const { width, height } = space;
  const channels = isColour(image) ? 3 : 1;
  const data = new Float32Array(channels * width * height);
  for (const { from, to } of space.bands(0)) data.set(readChannels(image, from, to).data, channels * width * from);
  return createRaster(data, width, height, { channels });
}

export function isColour(image: ChannelRows): image is Exclude<ChannelRows, RowReader<Float32Array>> {
  return Array.isArray(image);
}
