import type { Raster } from "@materiome/core";
import type { RowReader } from "../bands/rowStore.ts";

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
