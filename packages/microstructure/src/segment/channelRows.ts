import type { Raster } from "@materiome/core";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";

/** One channel of an image in memory whose channels are interleaved, copied out as it is read. */
export function channelRows(image: Raster<Float32Array>, channel: number): RowReader<Float32Array> {
  const { width, height, channels, data } = image;
  return {
    width,
    height,
    read(from, to) {
      const rows = new Float32Array((to - from) * width);
      for (let i = 0, k = from * width * channels + channel; i < rows.length; i++, k += channels) rows[i] = data[k]!; // inside
      return rows;
    },
  };
}

/** All channels of an image in memory; a single one without a copy. */
export function allChannelRows(image: Raster<Float32Array>): RowReader<Float32Array>[] {
  const { width, height, channels, data } = image;
  if (channels === 1) return [memoryStore("float32", width, height, data)];
  return Array.from({ length: channels }, (_, channel) => channelRows(image, channel));
}
